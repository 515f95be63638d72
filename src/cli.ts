import 'moviemind-command/check.js';
import 'reflect-metadata';
import { commandsOf } from './cli/command.js';
import { CliError, EXIT, problemOf } from './cli/errors.js';
import { refuseTakenOptions } from './cli/npm.js';
import { printJson } from './cli/output.js';
import { createProgram } from './cli/program.js';
import { ConfigError } from './config/environment.js';
import { StartError } from './database/start-error.js';

function fail(error: unknown): void {
  const { code, exitCode, message } = error as { code?: string; exitCode?: number; message: string };
  const usage = code?.startsWith('commander.');
  if (usage && exitCode === 0) return;
  process.exitCode = error instanceof CliError ? error.exitCode : EXIT.impossible;
  if (process.argv.includes('--json')) printJson({ problem: problemOf(error) });
  if (usage) return; // commander has printed it
  const known = error instanceof CliError || error instanceof ConfigError || error instanceof StartError;
  console.error(known ? `moviemind: ${message}` : error);
}

// A reader such as `| head` may close the pipe before the end.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') console.error(`moviemind: the output cannot be written (${code})`);
  process.exit(code === 'EPIPE' ? EXIT.done : EXIT.impossible);
});

try {
  const program = createProgram();
  const options = commandsOf(program).flatMap((command) => command.options.map((option) => option.name()));
  refuseTakenOptions(options, process.env);
  await program.parseAsync();
} catch (error) {
  fail(error);
}
