import type { Command } from 'commander';
import { Database } from '../database/database';
import { runMigrations } from '../database/migrate';
import { type CliRuntime, withServices } from './cli-runtime';

export function addMigrateCommand(program: Command, runtime: CliRuntime): void {
  program
    .command('migrate')
    .description('bring the database to the form that this version needs')
    .option('--json', 'answer in JSON')
    .action((options: { json?: true }) => migrate(runtime, options.json));
}

async function migrate(runtime: CliRuntime, json: true | undefined): Promise<void> {
  // Otherwise opening the database would run them unseen.
  const config = { ...runtime.config(), migrate: false };
  const applied = await withServices(runtime, config, (services) => runMigrations(services.get(Database).dataSource));
  if (json) runtime.out(`${JSON.stringify({ applied })}\n`);
  else if (applied.length === 0) runtime.out('Nothing to migrate.\n');
  else runtime.out(applied.map((name) => `Applied ${name}\n`).join(''));
}
