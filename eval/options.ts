import { Command, InvalidArgumentError, Option } from 'commander';
import { PROMPT_VERSIONS, type PromptVersion } from '../src/domain/prompt-versions.ts';
import { between } from '../test/support/run/steady.ts';
import { STUBS, type StubName } from './stubs.ts';
import { type KindAsked, KINDS_ASKED } from './subjects.ts';

export interface Options {
  sample: number;
  kind: KindAsked;
  seed: number;
  locale: string[];
  tone: string[];
  model?: string;
  prompt?: PromptVersion;
  blind?: true;
  concurrency: number;
  maxCost?: number;
  maxTokens?: number;
  out?: string;
  dryRun?: true;
  json?: true;
  stub?: StubName;
  compare?: string[];
  strict?: true;
}

const listed = (text: string): string[] => {
  const words = text.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError('takes words, comma separated');
  return [...new Set(words)];
};

const whole = (least: number, most: number) => (text: string) => {
  const value = between(least, most)(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('takes a whole number');
  return value;
};

const HELP = `
It asks the model that OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL name, from the
environment or .env. MODEL_PRICES makes its cost known. Without a key the mock is asked.
Exit code: 0 all was done, 1 the model's service failed, or --strict found something worse,
2 wrong options, 3 a bound was reached, 130 interrupted. The same command goes on.

Examples:
  $ npm run eval -- --sample 50 --locale pl-PL --tone DEFAULT,humorous --max-cost 0.50
  $ npm run eval -- --model gpt-4.1-nano --out eval/results/nano
  $ npm run eval -- --compare eval/results/mini eval/results/nano
  $ npm run eval -- --prompt v2
  $ npm run eval -- --stub weak --sample 10`;

const program = () =>
  new Command('eval')
    .description('Has a model write about films and people of examples/, and tells how good it is at it.')
    .option('--sample <number>', 'films and people, by chance', whole(1, 350), 50)
    .addOption(new Option('--kind <kind>', 'of what').choices(KINDS_ASKED).default('all'))
    .option('--seed <number>', 'of the chance', whole(0, 2 ** 31), 1)
    .option('--locale <list>', 'languages of the texts, comma separated', listed, ['en-US'])
    .option('--tone <list>', 'tones of the texts, comma separated', listed, ['DEFAULT', 'humorous'])
    .option('--model <name>', 'instead of OPENAI_MODEL')
    .addOption(new Option('--prompt <version>', 'instead of PROMPT_VERSION').choices(PROMPT_VERSIONS))
    .option('--blind', 'ask without the year, so that the model has to know it')
    .option('--concurrency <number>', 'films and people at once', whole(1, 64), 4)
    .option('--max-cost <number>', 'most that the run may cost (default twice the estimate)', between(0, 1e6))
    .option('--max-tokens <number>', 'most tokens that it may use', whole(1, 1e12))
    .option('--out <folder>', 'where the results go (default eval/results/… by model, locales and tones)')
    .option('--dry-run', 'only tell what it would cost')
    .option('--json', 'print one JSON document')
    .addOption(new Option('--stub <name>', 'ask a scripted model, at no cost').choices(STUBS))
    .option('--compare <results...>', 'two results, before and after: what is better, what is worse')
    .option('--strict', 'with --compare: exit code 1 where anything is worse')
    .addHelpText('after', HELP)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

export const optionsOf = (argv: string[]): Options => program().parse(argv).opts<Options>();
