import { Command, CommanderError } from 'commander';
import type { CliRuntime } from './cli-runtime';
import { describeFailure } from './describe-failure';
import { addMigrateCommand } from './migrate.command';
import { addOpenapiCommand } from './openapi.command';
import { addTokenCommand } from './token.command';

/**
 * Runs one command. Its answer goes to the standard output and nothing else does; what went wrong goes to the standard
 * error, without a stack.
 * @param args the words after the program's name
 * @returns the exit code
 */
export async function runCli(args: readonly string[], runtime: CliRuntime): Promise<number> {
  // Commands take over what is set here before they are added.
  const program = new Command('patchbay')
    .description('Manages a Patchbay installation; it works on the database that DATABASE_URL names')
    .showSuggestionAfterError(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => runtime.out(text), writeErr: (text) => runtime.err(text) });
  addTokenCommand(program, runtime);
  addMigrateCommand(program, runtime);
  addOpenapiCommand(program, runtime);

  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode;
    for (const line of describeFailure(error)) runtime.err(`error: ${line}\n`);
    return 1;
  }
}
