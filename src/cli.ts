import 'moviemind-command/check.js';
import 'reflect-metadata';
import { version } from 'moviemind-command/node.js';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { addBackupCommands } from './cli/backup-commands.js';
import { connect } from './cli/connect.js';
import type { Client } from './cli/client.js';
import { doctor } from './cli/doctor.js';
import { CliError, EXIT, problemOf } from './cli/errors.js';
import { readRows } from './cli/file-rows.js';
import { generateOne } from './cli/generate-one.js';
import type { ExportOptions } from './cli/export-file.js';
import { interruption } from './cli/interruption.js';
import type { NewKey } from './cli/keys.js';
import { refuseTakenOptions } from './cli/npm.js';
import { type GenerateOptions, type JobOptions, type Kind, type OutputOptions } from './cli/options.js';
import { printJson } from './cli/output.js';
import { pauseQueue, type ResumeOptions, resumeQueue, showQueues } from './cli/queues.js';
import { showJob } from './cli/show-job.js';
import { showUsage, type UsageOptions } from './cli/usage.js';
import { ConfigError } from './config/config.js';
import { readEnvFile } from './config/environment.js';
import { StartError } from './database/start-error.js';
import { SCOPES } from './access/scopes.js';
import { KIND_WORDS, kindOfWord } from './domain/kinds.js';
import type { Metadata } from './domain/metadata.js';
import { EXPORT_FORMATS, USES_BY } from './domain/vocabulary.js';
import { ALL_QUEUES } from './domain/queues.js';

/** Tokens a day: as many as DAILY_TOKEN_BUDGET takes. */
const MAX_TOKENS = 1_000_000_000_000;

const integer = (text: string) => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('takes a whole number');
  return Number(text);
};

const seconds = (text: string) => {
  const value = integer(text);
  if (value < 1 || value > 2_000_000) throw new InvalidArgumentError('takes 1..2000000');
  return value;
};

const days = (text: string) => {
  const value = integer(text);
  if (value < 1 || value > 3650) throw new InvalidArgumentError('takes 1..3650');
  return value;
};

/** A number of days, as in 90d, or a moment. */
const expiry = (text: string) => {
  const [, count] = /^(\d{1,4})d$/.exec(text) ?? [];
  if (count !== undefined) return days(count);
  const moment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(text) ? new Date(text) : null;
  if (!moment || Number.isNaN(moment.getTime()) || moment.getTime() <= Date.now())
    throw new InvalidArgumentError('takes a day to come, such as 2027-06-30 (it ends as that begins, UTC), or 90d');
  return moment;
};

const rate = (text: string) => {
  const value = integer(text);
  if (value < 1 || value > 1_000_000) throw new InvalidArgumentError('takes 1..1000000');
  return value;
};

const tokens = (text: string) => {
  const value = integer(text);
  if (value < 1 || value > MAX_TOKENS) throw new InvalidArgumentError(`takes 1..${MAX_TOKENS}`);
  return value;
};

const noted = (text: string, known: Metadata = {}): Metadata => {
  const [, name, note] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('takes name=text');
  return { ...known, [name]: note! };
};

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
  .addHelpText(
    'after',
    `
Exit code: 0 all done, 1 something was not written (doctor: is to be changed),
2 the command could not be run, 130 interrupted. Results go to stdout, progress
to stderr; with --json stdout is JSON alone, errors included.

Examples:
  $ npx moviemind generate movie "Heat" --year 1995 --wait
  $ npx moviemind --url https://moviemind.example.com --token mm_… queues`,
  )
  .showHelpAfterError('(--help tells more)')
  .version(version)
  .hook('preAction', () => void readEnvFile())
  .exitOverride();

program
  .command('generate')
  .description('one film or person, or all of a CSV file')
  .argument('[kind]', `what it is: ${KIND_WORDS.join(' or ')} (with --file: told by its columns where they can)`)
  .argument('[text]', 'title or name, or use --slug')
  .option('--year <year>', 'year of release or birth', integer)
  .option('--slug <slug>', 'exact identity instead of a title or name')
  .option('--director <name>', 'tells films of one title and year apart')
  .option('--imdb <id>', 'id at IMDb, such as tt0133093 or nm0000206')
  .option('--tmdb <number>', 'number at The Movie Database', integer)
  .addOption(new Option('--locale <locale>', 'language of the text, such as pl-PL; /locales lists them'))
  .addOption(new Option('--context <tag>', 'tone of the text, such as humorous; /context-tags lists them'))
  .option('--choose', 'take the best known one where a name means several (else they are listed)')
  .option('--refresh-facts', 'ask for year, directors, cast … anew, not for the text alone')
  .option('--metadata <name=text>', 'what the job is to carry for you, such as order=42; repeatable', noted)
  .option('--reuse', 'take the text that is there, if there is one')
  .option('--wait', 'wait for the result and show it (a file is always waited for)')
  .option('--file <csv>', 'every line of a CSV file')
  .option('--timeout <seconds>', 'longest time for all of it', seconds, 3600)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Files: UTF-8 or UTF-16; commas, semicolons or tabs. Columns: title and year
(release_year, release_date …), or name and birth_year; locale and context_tag
for a line of its own; ids of IMDb and TMDB (imdb_id, Const, tmdb_id);
metadata.order and the like, for notes of your own.
Exports of IMDb, Letterboxd, TMDB and Kaggle are
understood as they are. Where the columns do not tell films from people, say
movie or person. A line that cannot be read is named, and the others go on.

Examples:
  $ npx moviemind generate movie "Heat" --year 1995 --wait
  $ npx moviemind generate --file examples/films.csv
  $ npx moviemind generate movie --file ratings.csv --locale pl-PL --json`,
  )
  .action(async (kind: string | undefined, text: string | undefined, options: GenerateOptions) => {
    if (kind !== undefined && !(KIND_WORDS as readonly string[]).includes(kind)) {
      throw new CliError(`kind is ${KIND_WORDS.join(' or ')}, not "${kind}"`);
    }
    if (options.file !== undefined) return generateAll(options.file, kind as Kind | undefined, text, options);
    if (!kind || (!text && !options.slug)) {
      throw new CliError('say what to generate: generate movie "Heat" --year 1995, or generate --file titles.csv');
    }
    await withServer((client) => generateOne(client, { kind: kind as Kind, text, ...options }));
  });

program
  .command('job')
  .description('state of a job, and what it wrote')
  .argument('<id>', 'job id')
  .option('--wait', 'wait until it is finished')
  .option('--timeout <seconds>', 'longest time for all of it', seconds, 3600)
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  $ npx moviemind job 019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b --wait')
  .action((id: string, options: JobOptions) => withServer((client) => showJob(client, id, options)));

const FOLDERS = KIND_WORDS.map((word) => kindOfWord(word).path);

program
  .command('export')
  .description('all films or people with their texts, as a file (needs a key of scope read, but not in DATA_DIR)')
  .addArgument(new Argument('<what>', 'what to export').choices(FOLDERS))
  .addOption(new Option('--format <format>', 'a line of JSON each, or CSV with a row a text').choices(EXPORT_FORMATS))
  .option('--out <file>', 'file to write (default: stdout); until it is whole its name ends in .part')
  .option('--after <id>', 'go on after this id, the last one that arrived')
  .addHelpText(
    'after',
    `
A connection that breaks off goes on where it was. So does the command itself,
when a file of JSON lines was left as .part.

Examples:
  $ npx moviemind export movies --out films.jsonl
  $ npx moviemind export people --format csv --out people.csv`,
  )
  .action((what: string, options: ExportOptions) =>
    withServer(async (client) => (await import('./cli/export-file.js')).exportFile(client, what, options)),
  );

program
  .command('import')
  .description('ids and texts of your own, from a file (needs a key of scope edit, but not in DATA_DIR)')
  .argument('<file>', 'JSON lines or CSV, as export writes them')
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Each line has title and release_year, or name and birth_year; slug, and ids of
IMDb and TMDB; texts with locale and context_tag. In CSV a row has one text.
Other fields are passed over. The same file imported twice changes nothing.
A line that cannot be taken is named, and the others are stored.

Example:
  $ npx moviemind import films.jsonl`,
  )
  .action((file: string, options: OutputOptions) =>
    withServer(async (client) => (await import('./cli/import-file.js')).importFile(client, file, options)),
  );

program
  .command('doctor')
  .description('what should be changed in the setup, one line each (needs a key of scope admin, but not in DATA_DIR)')
  .option('--json', 'print JSON, with all that was looked at')
  .addHelpText('after', '\nExample:\n  $ npx moviemind doctor')
  .action((options: OutputOptions) => withServer((client) => doctor(client, options)));

const keys = program
  .command('keys')
  .description('who may call: makes, shows and revokes keys')
  .addHelpText(
    'after',
    `
Works on the database of DATABASE_URL, else on the embedded one of DATA_DIR,
whether a server runs on it or not; so it takes no --url and no --token.

Example:
  $ npx moviemind keys create --name website --scope generate`,
  );

keys
  .command('create')
  .description('makes a key and shows it, this one time')
  .requiredOption('--name <name>', 'for you to tell keys apart, 1..100 characters')
  .addOption(
    new Option('--scope <scope...>', 'what it may do, once or more: generate, read, edit, or all that operators do')
      .choices(SCOPES)
      .makeOptionMandatory(),
  )
  .option('--days <n>', 'how long it is valid (default: until it is revoked)', days)
  .option('--expires <when>', 'the same: a day, or a number of days such as 90d', expiry)
  .option('--project <name>', 'keys of a project see its jobs and batches (default: "default")')
  .option('--rate-limit <n>', 'requests for texts a minute (default: RATE_LIMIT_GENERATE)', rate)
  .option('--daily-tokens <n>', 'tokens its jobs may use a day, UTC; then they wait (default: no bound)', tokens)
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Scopes:
  generate  ask for texts, and see, cancel and retry the jobs of the project
  read      see the jobs of the project; films and people too, where
            PUBLIC_READS=false; export them
  edit      write and correct texts and facts, hide, remove
  admin     everything, everybody's jobs and /admin included, without limits

Examples:
  $ npx moviemind keys create --name website --scope generate --scope read
  $ KEY=$(npx moviemind keys create --name trial --scope generate --days 30)
  $ npx moviemind keys create --name guest --scope generate --daily-tokens 50000`,
  )
  .action((options: NewKey) => withKeys(({ createKey }) => createKey(options)));

keys
  .command('list')
  .description('all keys, the newest first, with when they were last used')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  $ npx moviemind keys list')
  .action((options: { json?: boolean }) => withKeys(({ listKeys }) => listKeys(options)));

keys
  .command('revoke')
  .description('ends a key for good; running servers refuse it within a second')
  .argument('<id>', 'id of the key, as keys list shows it')
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  $ npx moviemind keys revoke 019ab1d2-7c3e-7000-8000-0a1b2c3d4e5f')
  .action((id: string, options: { json?: boolean }) => withKeys(({ revokeKey }) => revokeKey(id, options)));

const queues = program
  .command('queues')
  .alias('queue')
  .description(
    'the queues: jobs by state, speed, workers; pause and resume (needs a key of scope admin, but not in DATA_DIR)',
  )
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExamples:\n  $ npx moviemind queues\n  $ npx moviemind queues pause movies')
  .action((options: OutputOptions) => withServer((client) => showQueues(client, options)));

queues
  .command('pause')
  .description('begin no more jobs of a queue')
  .addArgument(new Argument('<name>', 'name of the queue').choices(ALL_QUEUES))
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExample:\n  $ npx moviemind queues pause movies')
  .action((name: string, _: OutputOptions, command: Command) =>
    withServer((client) => pauseQueue(client, name, command.optsWithGlobals<OutputOptions>())),
  );

queues
  .command('resume')
  .description('go on with the jobs of a paused queue; with --now at once with what waits for its time')
  .addArgument(
    new Argument('[name]', "name of the queue (with --now: default all that the model's service holds up)").choices(
      ALL_QUEUES,
    ),
  )
  .option('--now', "end the pause that the model's service asked for, and the back-off of what waits in the queue")
  .option('--json', 'print JSON')
  .addHelpText('after', '\nExamples:\n  $ npx moviemind queues resume movies\n  $ npx moviemind queues resume --now')
  .action((name: string | undefined, _: ResumeOptions, command: Command) =>
    withServer((client) => resumeQueue(client, name, command.optsWithGlobals<ResumeOptions>())),
  );

program
  .command('usage')
  .description('calls, tokens and cost of the models (needs a key of scope admin, but not in DATA_DIR)')
  .option('--from <day>', 'first day, UTC (default: 30 days up to --to)')
  .option('--to <day>', 'last day (default: today)')
  .addOption(new Option('--by <what>', 'what it is added up by').choices(USES_BY).default('day'))
  .option('--json', 'print JSON')
  .addHelpText(
    'after',
    `
Calls of failed and cancelled jobs count. The cost is that of MODEL_PRICES when
the call was made; it is not known where one of the models has no price.

Examples:
  $ npx moviemind usage
  $ npx moviemind usage --by key --from 2026-11-01 --to 2026-11-30 --json`,
  )
  .action((options: UsageOptions) => withServer((client) => showUsage(client, options)));

addBackupCommands(program);

/** Refuses options that have no meaning for a file, before its hundreds of texts are regenerated. */
async function generateAll(file: string, kind: Kind | undefined, text: string | undefined, options: GenerateOptions) {
  const ofOne = ['year', 'slug', 'director', 'imdb', 'tmdb', 'wait'] as const;
  const idle = ofOne.filter((option) => options[option] !== undefined).map((option) => `--${option}`);
  const named = [...(text ? [`"${text}"`] : []), ...idle].join(', ');
  if (named) throw new CliError(`--file generates and waits for every line of the file: leave out ${named}`);
  const rows = readRows(file, kind);
  // Imported only here: the other commands start in a fraction of the time.
  const { generateFile } = await import('./cli/generate-file.js');
  await withServer((client) => generateFile(client, rows, options));
}

/** Imported only for these commands: the others start in a fraction of the time. */
async function withKeys(run: (commands: typeof import('./cli/keys.js')) => Promise<number>): Promise<void> {
  const { url, token } = program.opts<{ url?: string; token?: string }>();
  if (url ?? token)
    throw new CliError('keys works on the database itself (DATABASE_URL, DATA_DIR): leave out --url and --token');
  process.exitCode = await run(await import('./cli/keys.js'));
}

async function withServer(run: (client: Client) => Promise<number>): Promise<void> {
  process.exitCode = await connect(program.opts(), interruption(), run);
}

const commandsOf = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsOf)];
const optionNames = () => commandsOf(program).flatMap(({ options }) => options.map((option) => option.name()));

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
  refuseTakenOptions(optionNames(), process.env);
  await program.parseAsync();
} catch (error) {
  fail(error);
}
