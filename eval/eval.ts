/**
 * How good is a model at what this program asks of it? `npm run eval` has it write about films and people whose facts
 * are known, by the program's own prompts, readers and gates, without a server and without a database.
 */
import { comparable, promptsCompared } from './comparable.ts';
import { compared } from './compared.ts';
import { measured, type Measured } from './measured.ts';
import { type Options, optionsOf } from './options.ts';
import { builtProgram } from './program.ts';
import type { Ending } from './run.ts';
import { money } from './shown.ts';
import { environmentOf } from './setup.ts';
import { sumOf } from './spending.ts';
import { EvalError, readResults, type Results } from './store.ts';
import { startStub, stubSettings } from './stubs.ts';
import { subjectsIn } from './subjects.ts';
import { comparedTable, gatesLine, summaryTable } from './tables.ts';
import { summaryOf } from './summary.ts';

const EXIT: Record<Ending['why'], number> = { finished: 0, service: 1, bound: 3, interrupted: 130 };

async function main(options: Options): Promise<number> {
  if (options.compare) return compare(options.compare, options);
  const program = await builtProgram();
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const stub = options.stub && (await startStub(options.stub, subjectsIn('examples')));
  try {
    const environment = stub ? stubSettings(options.stub!, stub) : environmentOf(program);
    const done = await measured(program, environment, options, stop.signal);
    return done ? tell(done, options) : 0;
  } finally {
    await stub?.stop();
  }
}

function tell({ ending, results, files }: Measured, { json, tone }: Options): number {
  const { cases, spent } = results;
  if (json) console.log(JSON.stringify({ ...results, summary: summaryOf(cases), ending }));
  else if (cases.length > 0) {
    console.log(summaryTable(cases, tone));
    console.log(gatesLine(cases));
  }
  const tokens = (spent.input_tokens + spent.output_tokens).toLocaleString('en-US');
  console.error(`${spent.calls} calls, ${tokens} tokens, cost ${money(spent.cost)}. See ${files.join(' and ')}.`);
  const untold = sumOf(spent.untold);
  if (untold > 0)
    console.error(`Some tokens were not told: ${untold.toLocaleString('en-US')} more count as estimated.`);
  const said = endingLine(ending);
  if (said !== null) console.error(said);
  return EXIT[ending.why];
}

function endingLine(ending: Ending): string | null {
  if (ending.why === 'finished') return null;
  const goesOn = 'What is done is kept: the same command goes on.';
  if (ending.why === 'bound') return `The next call might go over the bound. ${goesOn}`;
  if (ending.why === 'interrupted') return `Interrupted. ${goesOn}`;
  return `The model's service failed: ${ending.message} ${goesOn}`;
}

const askedWhom = ({ run: { model, prompt } }: Results) => `${model} with prompts ${prompt}`;

function compare(files: string[], { json, strict }: Options): number {
  const [first, second, ...more] = files;
  if (first === undefined || second === undefined || more.length > 0)
    throw new EvalError('--compare takes two results: the one before and the one after');
  const [before, after] = [readResults(first), readResults(second)];
  const both = comparable(before, after);
  const found = compared(both.before, both.after);
  if (found.length === 0) throw new EvalError('the two results have no film or person in the same language in common');
  if (json) {
    const columns = found.map(({ column, ...one }) => ({ name: column.name, title: column.title, ...one }));
    console.log(JSON.stringify({ before: before.run, after: after.run, tones: both.tones, columns }));
  } else {
    console.log(comparedTable(found));
    if (both.leftOut.length > 0)
      console.log(`Only texts in the tones ${both.tones.join(', ')}: ${both.leftOut.join(', ')} cannot be compared.`);
    const prompts = promptsCompared(before.run, after.run);
    console.log(`${askedWhom(before)} before, ${askedWhom(after)} after. ${prompts}`);
  }
  return strict && found.some(({ verdict }) => verdict === 'worse') ? 1 : 0;
}

try {
  process.exitCode = await main(optionsOf(process.argv));
} catch (error) {
  if (!(error instanceof EvalError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
