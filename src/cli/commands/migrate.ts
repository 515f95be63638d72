import type { Command } from 'commander';
import { examples, refuseServerOptions } from '../command.js';
import type { MigrateOptions } from '../migrate.js';

const HELP = `
Works on the database of DATABASE_URL, whether a server runs on it or not. The
start of a server does the same, and waits for it. Exit code of --check: 0 there
is nothing to do, 1 something is pending, or the database is newer than this
program and does not serve it, 2 it could not be looked at.
`;

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('brings the tables of the database up to this version')
    .option('--check', 'say what is pending, and change nothing')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP + examples('migrate --check', 'migrate'))
    .action(async (options: MigrateOptions, command: Command) => {
      refuseServerOptions(command, 'migrate');
      process.exitCode = await (await import('../migrate.js')).migrateDatabase(options);
    });
}
