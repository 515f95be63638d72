import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../src/config/config.js';
import type { PromptVersion } from '../src/domain/prompt-versions.js';
import { type CaseAsked, idOf } from './case.ts';
import { LONGEST_ANSWER } from './listening.ts';
import type { Options } from './options.ts';
import { estimated } from './plan.ts';
import type { Program } from './program.ts';
import { Progress } from './progress.ts';
import { reportOf } from './report.ts';
import { type Ending, Run } from './run.ts';
import { casesOf, checkWords, configOf, folderOf, idsOf, llmOf, settingsOf } from './setup.ts';
import { money } from './shown.ts';
import { type Bounds, NOTHING, Spending, sumOf, type Tokens } from './spending.ts';
import { EvalError, type Results, Store } from './store.ts';

/** A run that says no bound may cost so many times what is estimated, and each call under way its most. */
const MOST_OF_ESTIMATE = 2;
const ROOM_OF_A_CALL: Tokens = { input: 3000, output: LONGEST_ANSWER };

const number = (value: number) => Math.round(value).toLocaleString('en-US');

export interface Measured {
  ending: Ending;
  results: Results;
  /** Files that were written. */
  files: string[];
}

/** What a run is made of, before it begins. */
interface Plan {
  options: Options;
  config: Config;
  cases: CaseAsked[];
  store: Store;
  model: string;
  prompt: PromptVersion;
  spending: Spending;
}

/**
 * Measures a model:
 *
 * 1. what is asked, and what of it was done before;
 * 2. what it costs, about and at most, told before the first call;
 * 3. ask, several at once, each case a line in a file as it ends;
 * 4. write down the results, whatever ended the run.
 *
 * @returns `null`: only the cost was to be told
 */
export async function measured(
  program: Program,
  environment: NodeJS.ProcessEnv,
  options: Options,
  stop: AbortSignal,
): Promise<Measured | null> {
  const config = configOf(program, environment);
  checkWords(program, config, options);
  const model = config.aiService === 'mock' ? config.models[0]! : (options.model ?? config.openai.model);
  const questioned = { model, prompt: options.prompt ?? config.prompts.version };
  const settings = settingsOf(program, config, options, questioned);
  const store = Store.open(folderOf(options, questioned), settings, options.dryRun === true);
  const plan = planned(program, { options, config, store, ...questioned, cases: casesOf(options) });
  if (options.dryRun) return null;
  program.generate.loadDetector();
  const ending = await run(program, plan, stop);
  const ids = idsOf(plan.cases);
  const cases = [...store.done.values()].filter(({ id }) => ids.has(id));
  const results = { run: settings, spent: plan.spending.spent, cases };
  const report = join(store.folder, 'report.html');
  writeFileSync(report, reportOf(results));
  return { ending, results, files: [store.writeResults(results), report] };
}

/** Says on stderr what is about to be asked, and what that costs. @throws EvalError for a bound that cannot be kept */
function planned(program: Program, { cases, store, ...rest }: Omit<Plan, 'spending'>): Plan {
  const { options, config, model, prompt } = rest;
  const ids = idsOf(cases);
  const left = cases.filter((asked) => !store.done.has(idOf(asked)));
  const { calls, ...tokens } = estimated(program, left, { model, prompt });
  const price = new Spending(program.usage, { model, prices: config.prices, bounds: NO_BOUNDS, before: NOTHING });
  const cost = price.costOf(tokens);
  if (options.maxCost !== undefined && cost === null)
    throw new EvalError(`--max-cost needs the price of ${model} in MODEL_PRICES: ${model}=0.40/1.60`);
  const before = store.spentBefore;
  const room = {
    input: before.untold.input + MOST_OF_ESTIMATE * tokens.input + options.concurrency * ROOM_OF_A_CALL.input,
    output: before.untold.output + MOST_OF_ESTIMATE * tokens.output + options.concurrency * ROOM_OF_A_CALL.output,
  };
  const bounds: Bounds = {
    cost: cost === null ? null : (options.maxCost ?? (before.cost ?? 0) + price.costOf(room)!),
    tokens: options.maxTokens ?? (cost === null ? before.input_tokens + before.output_tokens + sumOf(room) : null),
  };
  const texts = cases.length * options.tone.length;
  console.error(`${model}: ${ids.size} films and people by language, ${texts} texts, ${ids.size - left.length} done.`);
  console.error(
    `About ${number(calls)} calls and ${number(sumOf(tokens))} tokens are left, cost ${money(cost)}; ` +
      `the run ends before ${boundIn(bounds)}.`,
  );
  return {
    ...rest,
    cases,
    store,
    spending: new Spending(program.usage, { model, prices: config.prices, bounds, before }),
  };
}

const NO_BOUNDS: Bounds = { cost: null, tokens: null };

const boundIn = ({ cost, tokens }: Bounds) =>
  [cost === null ? [] : [`a cost of ${money(cost)}`], tokens === null ? [] : [`${number(tokens)} tokens`]]
    .flat()
    .join(' or ');

async function run(program: Program, plan: Plan, stop: AbortSignal): Promise<Ending> {
  const { options, config, cases, store, model, prompt, spending } = plan;
  const progress = new Progress(() => spending.spent);
  const running = {
    program,
    llm: llmOf(program, config),
    spending,
    store,
    model,
    prompt,
    prices: config.prices,
    concurrency: options.concurrency,
    stop,
    onCase: (fit: boolean | null) => progress.add(fit),
  };
  const all = new Run(running, cases);
  progress.start(cases.length, cases.length - all.left);
  return all.toItsEnd().finally(() => progress.stop());
}
