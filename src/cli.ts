import 'moviemind-command/check.js';
import 'reflect-metadata';
import { version } from 'moviemind-command/node.js';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { CliError } from './cli/client.js';
import { connect } from './cli/connect.js';
import { doctor } from './cli/doctor.js';
import { generateFile } from './cli/generate-file.js';
import { generateOne } from './cli/generate-one.js';
import type { NewKey } from './cli/keys.js';
import { type GenerateOptions, type JobOptions, type Kind, KINDS, type OutputOptions } from './cli/options.js';
import { pauseQueue, resumeQueue, showQueues } from './cli/queues.js';
import { showJob } from './cli/show-job.js';
import { ConfigError } from './config/config.js';
import { readEnvFile } from './config/environment.js';
import { StartError } from './database/start-error.js';
import { SCOPES } from './keys/scopes.js';
import { CONTEXT_TAGS, LOCALE_TAGS } from './jobs/vocabulary.js';
import { ALL_QUEUES } from './queue/names.js';

const integer = (text: string) => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('takes a whole number');
  return Number(text);
};

const days = (text: string) => {
  const value = integer(text);
  if (value < 1 || value > 3650) throw new InvalidArgumentError('takes 1..3650');
  return value;
};

const program = new Command('moviemind')
  .description('Has films described and biographies written.')
  .option(
    '--url <url>',
    'server to use (default: MOVIEMIND_URL, else the one on this machine, else one started for the command)',
  )
  .option('--token <token>', 'bearer key (default: MOVIEMIND_TOKEN, else ADMIN_TOKEN)')
  .addHelpText(
    'after',
    '\nExit code: 0 all done, 1 something was not written (doctor: is to be changed), 2 the command could not be run.',
  )
  .showHelpAfterError('(--help tells more)')
  .version(version)
  .hook('preAction', () => void readEnvFile())
  .exitOverride();

program
  .command('generate')
  .description('one film or person, or all of a CSV file')
  .argument('[kind]', `what it is: ${KINDS.join(' or ')} (with --file: told by the header)`)
  .argument('[text]', 'title or name, or use --slug')
  .option('--year <year>', 'year of release or birth', integer)
  .option('--slug <slug>', 'exact identity instead of a title or name')
  .addOption(new Option('--locale <locale>', 'language of the text').choices(LOCALE_TAGS))
  .addOption(new Option('--context <tag>', 'manner of the text').choices(CONTEXT_TAGS))
  .option('--reuse', 'take the text that is there, if there is one')
  .option('--wait', 'wait for the result and show it')
  .option('--file <csv>', 'a CSV file with the header title,year or name,birth_year')
  .option('--parallel <n>', 'with --file: requests at once', integer, 16)
  .option('--timeout <seconds>', 'longest wait for the results', integer, 3600)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    '\nExamples:\n  $ npx moviemind generate movie "Heat" --year 1995 --wait\n  $ npx moviemind generate --file examples/films.csv',
  )
  .action(async (kind: string | undefined, text: string | undefined, options: GenerateOptions) => {
    if (kind !== undefined && !(KINDS as readonly string[]).includes(kind)) {
      throw new CliError(`kind is ${KINDS.join(' or ')}, not "${kind}"`);
    }
    if (!options.file && (!kind || (!text && !options.slug))) {
      throw new CliError('say what to generate: generate movie "Heat" --year 1995, or generate --file titles.csv');
    }
    await withServer(async (client, ownServer) =>
      options.file
        ? generateFile(client, options.file, options)
        : generateOne(client, { kind: kind as Kind, text, ...options }, ownServer),
    );
  });

program
  .command('job')
  .description('state of a job')
  .argument('<id>', 'job id')
  .option('--wait', 'wait until it is finished')
  .option('--timeout <seconds>', 'longest wait', integer, 3600)
  .option('--json', 'print JSON')
  .action((id: string, options: JobOptions) => withServer((client) => showJob(client, id, options)));

program
  .command('doctor')
  .description('what should be changed in the setup, one line each (needs the admin key)')
  .option('--json', 'print JSON, with all that was looked at')
  .action((options: OutputOptions) => withServer((client) => doctor(client, options)));

const keys = program
  .command('keys')
  .description('who may call: makes, shows and revokes keys')
  .addHelpText(
    'after',
    '\nWorks on the database of DATABASE_URL, else on the embedded one of DATA_DIR, whether a server runs on it or not; --url and --token play no part.',
  );

keys
  .command('create')
  .description('makes a key and shows it, this one time')
  .requiredOption('--name <name>', 'for you to tell keys apart, 1..100 characters')
  .addOption(
    new Option('--scope <scope...>', 'what it may do, once or more: generate texts, read, or all that operators do')
      .choices(SCOPES)
      .makeOptionMandatory(),
  )
  .option('--days <n>', 'how long it is valid (default: until it is revoked)', days)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Scopes:
  generate  ask for texts, and see, cancel and retry the jobs the key made
  read      see those jobs; films and people too, where PUBLIC_READS=false
  admin     everything, everybody's jobs and /admin included, without limits

Examples:
  $ npx moviemind keys create --name website --scope generate --scope read
  $ KEY=$(npx moviemind keys create --name trial --scope generate --days 30)`,
  )
  .action((options: NewKey) => withKeys(({ createKey }) => createKey(options)));

keys
  .command('list')
  .description('all keys, the newest first, with when they were last used')
  .option('--json', 'print JSON')
  .action((options: { json?: boolean }) => withKeys(({ listKeys }) => listKeys(options)));

keys
  .command('revoke')
  .description('ends a key for good; running servers refuse it within a second')
  .argument('<id>', 'id of the key, as keys list shows it')
  .option('--json', 'print JSON')
  .action((id: string, options: { json?: boolean }) => withKeys(({ revokeKey }) => revokeKey(id, options)));

const queues = program
  .command('queues')
  .description('the queues: jobs by state, speed, workers; pause and resume (needs the admin key)')
  .option('--json', 'print JSON')
  .action((options: OutputOptions) => withServer((client) => showQueues(client, options)));

for (const [name, description, run] of [
  ['pause', 'begin no more jobs of a queue', pauseQueue],
  ['resume', 'go on with the jobs of a paused queue', resumeQueue],
] as const) {
  queues
    .command(name)
    .description(description)
    .addArgument(new Argument('<name>', 'name of the queue').choices(ALL_QUEUES))
    .option('--json', 'print JSON')
    .action((queue: string, _: OutputOptions, command: Command) =>
      withServer((client) => run(client, queue, command.optsWithGlobals<OutputOptions>())),
    );
}

/** Loaded only for these commands: the others start in a fraction of the time. */
async function withKeys(run: (commands: typeof import('./cli/keys.js')) => Promise<number>): Promise<void> {
  process.exitCode = await run(await import('./cli/keys.js'));
}

async function withServer(run: Parameters<typeof connect>[1]): Promise<void> {
  process.exitCode = await connect(program.opts(), run);
}

try {
  await program.parseAsync();
} catch (error) {
  const { code, exitCode, message } = error as { code?: string; exitCode?: number; message: string };
  if (code?.startsWith('commander.')) {
    process.exitCode = exitCode === 0 ? 0 : 2;
  } else {
    const known = error instanceof CliError || error instanceof ConfigError || error instanceof StartError;
    console.error(known ? `moviemind: ${message}` : error);
    process.exitCode = 2;
  }
}
