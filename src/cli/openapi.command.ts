import type { Command } from 'commander';
import type { Config } from '../config/config';
import { loadConfig } from '../config/load-config';
import { buildDocument } from '../http/openapi/document';
import type { CliRuntime } from './cli-runtime';

export function addOpenapiCommand(program: Command, runtime: CliRuntime): void {
  program
    .command('openapi')
    .description('print the OpenAPI document of the API as JSON')
    .action(() => printDocument(runtime));
}

async function printDocument(runtime: CliRuntime): Promise<void> {
  const app = await runtime.openApp(documentConfig());
  try {
    runtime.out(`${JSON.stringify(buildDocument(app), null, 2)}\n`);
  } finally {
    await app.close();
  }
}

/** Fixed, so that the document is the same wherever it is made, and a database that leaves nothing behind. */
function documentConfig(): Config {
  return loadConfig({ DATABASE_URL: 'sqlite::memory:', ROLE: 'api', LOG_LEVEL: 'silent' }, process.cwd());
}
