/**
 * The program beside what people would write instead, in one run: accepting, polling, jobs, the time from the 202 to
 * DONE; and what growth, waiting clients and a start cost. Prints medians and ranges of its rounds, and how far the
 * targets are met. It starts all that it needs itself, and fails when a job is lost or doubled.
 *
 *   npm run bench -- --only accept,poll --rounds 3 --seconds 5 [--quick] [--json]
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { accept } from './sections/accept.ts';
import { jobs } from './sections/jobs.ts';
import { latency } from './sections/latency.ts';
import { poll } from './sections/poll.ts';
import { Bench } from './support/bench.ts';
import { compileNest } from './support/compile.ts';
import { endAll } from './support/ending.ts';
import { progressLine } from './support/progress.ts';
import { tables } from './support/table.ts';

const SECTIONS = { accept, poll, jobs, latency };
const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: names.join(',') },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
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
};
const progress = progressLine();

try {
  const began = { at: new Date().toISOString(), load: loadavg() };
  compileNest();
  const bench = await Bench.start(scale, progress.say);
  for (const name of wanted) await SECTIONS[name](bench);
  progress.end();
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
  const found = {
    began,
    ended: { at: new Date().toISOString(), load: loadavg() },
    machine,
    scale,
    figures: bench.figures,
  };
  console.log(values.json ? JSON.stringify(found, null, 2) : tables(bench.figures));
} catch (error) {
  progress.end();
  console.error(error);
  process.exitCode = 1;
} finally {
  await endAll();
}
process.exit();
