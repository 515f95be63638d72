import { version } from 'moviemind-command/node.js';
import { Command } from 'commander';
import { addAudit } from './commands/audit.js';
import { addBackup, addRestore } from './commands/backup.js';
import { addCompletion } from './commands/completion.js';
import { addConcurrency } from './commands/concurrency.js';
import { addDoctor } from './commands/doctor.js';
import { addExport } from './commands/export.js';
import { addFailed } from './commands/failed.js';
import { addGenerate } from './commands/generate.js';
import { addImport } from './commands/import.js';
import { addJobs } from './commands/jobs.js';
import { addKeys } from './commands/keys.js';
import { addMigrate } from './commands/migrate.js';
import { addQueue } from './commands/queue.js';
import { addReview } from './commands/review.js';
import { addUsage } from './commands/usage.js';
import { addWebhooks } from './commands/webhooks.js';
import { addWorkers } from './commands/workers.js';
import { examples } from './command.js';
import { readEnvFile } from '../config/environment.js';

const HELP = `
Exit code: 0 all done, 1 something was not done (doctor, migrate --check: is to
be done), 2 the command could not be run, 130 interrupted. Results go to stdout,
progress to stderr; with --json stdout is JSON alone, errors included.
`;

/** In the order in which `--help` lists them. */
const GROUPS: Record<string, ((program: Command) => void)[]> = {
  'Texts:': [addGenerate, addJobs, addExport, addImport],
  'For operators:': [
    addFailed,
    addQueue,
    addWorkers,
    addConcurrency,
    addWebhooks,
    addUsage,
    addReview,
    addAudit,
    addKeys,
    addMigrate,
    addBackup,
    addRestore,
    addDoctor,
    addCompletion,
  ],
};

/** All commands, with what they take and what their help says. What they do is loaded when one of them runs. */
export function createProgram(): Command {
  const program = new Command('moviemind')
    .description('Has films described and biographies written.')
    .option(
      '--url <url>',
      'server to use (default: MOVIEMIND_URL, else the one of DATA_DIR or of this machine, ' +
        'else one started for the command)',
    )
    .option(
      '--token <token>',
      'bearer key (default: MOVIEMIND_TOKEN, else ADMIN_TOKEN; none is needed for the server of DATA_DIR)',
    )
    .option('--direct', 'use no server but the database itself (DATABASE_URL, DATA_DIR), where none answers')
    .addHelpText(
      'after',
      HELP +
        examples(
          'generate movie "Heat" --year 1995 --wait',
          '--url https://moviemind.example.com --token mm_… queue status',
        ),
    )
    .showHelpAfterError('(--help tells more)')
    .version(version)
    .hook('preAction', () => void readEnvFile())
    .exitOverride();

  for (const [title, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(title);
    for (const add of commands) add(program);
  }
  return program;
}
