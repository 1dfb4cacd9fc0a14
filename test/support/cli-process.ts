import type { TestDatabase } from './test-database';
import { startProcess } from './test-process';

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `node dist/cli.js …` to its end, with nothing in its environment but `env`. */
export async function runCliWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CliEnd> {
  const started = await startProcess({ env, script: 'dist/cli.js', args, waitUntilReady: false });
  const { code } = await started.ended;
  return { code, stdout: started.stdout, stderr: started.stderr };
}

/** The same on a database: `DATABASE_URL` is all that the command needs. */
export function runCli(database: TestDatabase, ...args: string[]): Promise<CliEnd> {
  return runCliWith({ DATABASE_URL: database.url }, ...args);
}

/** Checks that a command went well and said nothing beside its answer in JSON. */
export function expectJson(end: CliEnd): Record<string, unknown> {
  expect(end).toEqual({ code: 0, stdout: expect.stringMatching(/^\{.*\}\n$/) as string, stderr: '' });
  return JSON.parse(end.stdout) as Record<string, unknown>;
}

/** Checks that a command failed with one line and no stack. */
export function expectFault(end: CliEnd | undefined, line: RegExp): void {
  expect(end).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: [^\n]+\n$/) as string });
  expect(end?.stderr).toMatch(line);
  expect(end?.stderr).not.toMatch(/\s+at .*:\d+/);
}
