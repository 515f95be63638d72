import type { Command } from 'commander';
import { examples, refuseServerOptions } from '../command.js';
import { interruption } from '../interruption.js';
import type { MigrateOptions } from '../migrate.js';
import type { BackOptions } from '../migrate-back.js';

const HELP = `
Works on the database of DATABASE_URL, whether a server runs on it or not. The
start of a server does the same, and waits for it. Exit code of --check: 0 there
is nothing to do, 1 something is pending, or the database is newer than this
program and does not serve it, 2 it could not be looked at.

--to takes the tables back to a release, and what newer ones have stored is
lost. It says what that is, and asks. First end all programs that are newer than
that release. To start the release before, the tables need not go back.
`;

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('brings the tables of the database up to this version')
    .option('--check', 'say what is pending, and change nothing')
    .option('--to <release>', 'take the tables back to a release; with --check, say what that would lose')
    .option('--yes', 'with --to: do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP + examples('migrate --check', 'migrate', 'migrate --to 0.1.0 --check'))
    .action(async ({ to, ...options }: MigrateOptions & BackOptions & { to?: string }, command: Command) => {
      refuseServerOptions(command, 'migrate');
      if (to !== undefined) {
        process.exitCode = await (await import('../migrate-back.js')).migrateBack(to, options, interruption());
        return;
      }
      process.exitCode = await (await import('../migrate.js')).migrateDatabase(options);
    });
}
