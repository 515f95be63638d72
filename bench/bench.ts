/**
 * The program beside what people would write instead, in one run: accepting, polling, jobs, the time from the 202 to
 * DONE; and what growth, waiting clients and a start cost. Prints medians and ranges of its rounds, and how far the
 * targets are met. It starts all that it needs itself, and fails when a job is lost or doubled.
 *
 *   npm run bench -- --only accept,poll --rounds 3 --seconds 5 [--quick] [--json] [--profile folder]
 */
import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { accept } from './sections/accept.ts';
import { growth } from './sections/growth.ts';
import { jobs } from './sections/jobs.ts';
import { latency } from './sections/latency.ts';
import { memory } from './sections/memory.ts';
import { poll } from './sections/poll.ts';
import { start } from './sections/start.ts';
import { Bench } from './support/bench.ts';
import { compileNest } from './support/compile.ts';
import { endAll, isEnding } from './support/ending.ts';
import { progressLine } from './support/progress.ts';
import { plot } from './support/plots.ts';
import { tables, targetTable } from './support/table.ts';
import { verdicts } from './support/targets.ts';

const SECTIONS = { accept, poll, jobs, latency, growth, memory, start };
const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join(',') },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const wanted = values.only.split(',') as typeof names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`--only takes ${names.join(', ')}, not ${unknown.join(', ')}`);
  process.exit(1);
}
const scale = {
  rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
  seconds: Number(values.seconds ?? (values.quick ? 2 : 5)),
  quick: values.quick,
  ...(values.profile && { profile: resolve(values.profile) }),
};
const progress = progressLine();

interface Run {
  began: { at: string; load: number[] };
  ended: { at: string; load: number[] };
  machine: { cores: number; model: string | undefined; node: string };
}

try {
  const began = { at: new Date().toISOString(), load: loadavg() };
  compileNest();
  const bench = await Bench.start(scale, (line) => progress.say(line));
  for (const name of wanted) await SECTIONS[name](bench);
  progress.end();
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
  const targets = verdicts(bench.figures);
  const { figures } = bench;
  const found = { began, ended: { at: new Date().toISOString(), load: loadavg() }, machine, scale, figures, targets };
  const text = `${tables(figures)}\n\n${targetTable(targets)}\n\n${surroundings(found)}`;
  plot(figures);
  console.log(values.json ? JSON.stringify(found, null, 2) : text);
} catch (error) {
  progress.end();
  if (!isEnding()) console.error(error);
  process.exitCode = 1;
} finally {
  await endAll();
}
process.exit();

/** What a reader has to know of the run. */
function surroundings({ began, ended, machine: { cores, model, node } }: Run): string {
  const loads = [began, ended].map(({ load }) => load[0]!.toFixed(1)).join(' and ');
  return `${began.at}, ${cores} cores (${model}), node ${node}; load before and after: ${loads}`;
}
