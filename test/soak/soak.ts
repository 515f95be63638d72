import { Command, Option } from 'commander';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../support/client/load.ts';
import { Cluster } from '../support/machines/cluster.ts';
import { between, refuseTooMuch, tellWhile } from '../support/run/steady.ts';
import { type Growth, growthOf } from './growth.ts';
import { plotOf, shown } from './plot.ts';
import { Samples } from './sampling.ts';

type Driver = 'redis' | 'database';

interface Options {
  minutes: number;
  driver: Driver | 'both';
  rate: number;
  api: number;
  workers: number;
  out: string;
  json?: true;
}

/** Samples of a run, and the least time between two, milliseconds. */
const SAMPLES = 360;
const LEAST_BETWEEN_MS = 1000;
const MODEL_MS = 50;
/** Jobs that somebody polls at a time. */
const WATCHED = 40;
/** Lines of the report: what ends largest. */
const SHOWN = 24;

const options = new Command('soak')
  .description(
    'Runs a steady load for long, and fails when memory, connections, open files, tables or indexes grow by more than their rows.',
  )
  .option('--minutes <number>', 'how long', between(1, 1440), 60)
  .addOption(
    new Option('--driver <driver>', 'where the queue lives').choices(['redis', 'database', 'both']).default('both'),
  )
  .option('--rate <number>', 'requests a second, on each driver', between(0.1, 1000), 10)
  .option('--api <number>', 'API processes', between(1, 8), 1)
  .option('--workers <number>', 'worker processes', between(1, 8), 2)
  .option('--out <folder>', 'where the pictures and the samples go', 'bench/results')
  .option('--json', 'print one JSON document')
  .addHelpText(
    'after',
    `
Processes warm up for some minutes, so a run of less than a quarter of an hour says little.

Example:
  $ npm run soak -- --minutes 60 --driver database`,
  )
  .parse()
  .opts<Options>();

const TOTAL_MS = options.minutes * 60_000;

interface Soaked {
  driver: Driver;
  requests: number;
  accepted: number;
  jobs: Record<string, number>;
  /** Of POST, milliseconds: in the second third of the run, and in the last. */
  post_p95_ms: [middle: number, end: number];
  growth: Growth[];
  breaches: unknown[];
}

async function soak(driver: Driver, told: Map<string, string>): Promise<Soaked> {
  const cluster = await Cluster.start({
    driver,
    apis: options.api,
    workers: options.workers,
    // So that what the cache holds is the same in two thirds of the run.
    settings: { JOB_STATUS_TTL_SECONDS: String(Math.max(1, Math.min(900, Math.floor(TOTAL_MS / 6000)))) },
  });
  running.add(cluster);
  try {
    const samples = new Samples(cluster);
    const requests = await steadily(cluster, async () => {
      await samples.take();
      told.set(driver, `${driver}: accepted ${cluster.load.accepted.size}, unfinished ${await cluster.unfinished()}`);
    });
    return await judged(cluster, { driver, samples, requests });
  } finally {
    running.delete(cluster);
    await cluster.stop();
  }
}

/** Asks for films and people, polls some of the jobs, and measures. @returns how many requests there were */
async function steadily(cluster: Cluster, measure: () => Promise<void>): Promise<number> {
  const { load, model, receiver } = cluster;
  model.keepCalls = false;
  receiver.keepMessages = false;
  model.otherwise({ kind: 'answer', delayMs: MODEL_MS });
  const recent: string[] = [];
  load.onAccepted = (id) => void (recent.push(id) > WATCHED && recent.shift());
  const loaded = { over: false };
  const isOver = () => loaded.over;
  const measuring = async () => {
    for (; !isOver(); await sleep(Math.max(LEAST_BETWEEN_MS, TOTAL_MS / SAMPLES))) await measure();
  };
  const beside = [measuring(), load.watch(() => recent, isOver, 100)];
  const requests = await load
    .run(options.rate, options.minutes * 60, (n) => [
      `Soak ${n}.`,
      n % 5 === 0 ? 'people' : 'movies',
      cluster.webhook(n),
    ])
    .finally(() => (loaded.over = true));
  await Promise.all(beside);
  return requests;
}

interface Run {
  driver: Driver;
  samples: Samples;
  requests: number;
}

async function judged(cluster: Cluster, { driver, samples, requests }: Run): Promise<Soaked> {
  const breaches = await cluster.verdict();
  const growth = [...samples.series.values()].map(growthOf);
  draw(driver, samples, growth);
  const rows = await cluster.rows<{ status: string; count: number }>(
    'SELECT status, count(*)::int FROM generation_jobs GROUP BY 1 ORDER BY 1',
  );
  const { accepted, times } = cluster.load;
  const third = Math.floor(times.length / 3);
  const p95 = (from: number, to?: number) => Math.round(percentile(times.slice(from, to), 0.95));
  return {
    driver,
    requests,
    accepted: accepted.size,
    jobs: Object.fromEntries(rows.map(({ status, count }) => [status, count])),
    post_p95_ms: [p95(third, 2 * third), p95(2 * third)],
    growth,
    breaches,
  };
}

function draw(driver: Driver, samples: Samples, growth: Growth[]): void {
  mkdirSync(options.out, { recursive: true });
  const byName = new Map(growth.map((one) => [one.name, one]));
  const series = largest(growth).map(({ name }) => samples.series.get(name)!);
  const file = (ending: string) => join(options.out, `soak-${driver}.${ending}`);
  writeFileSync(file('svg'), plotOf(`Steady load on ${driver}`, series, byName, options.minutes));
  writeFileSync(file('json'), JSON.stringify({ times: samples.times, series: [...samples.series.values()] }));
}

/** What grows, then what is largest. */
const largest = (growth: Growth[]) =>
  growth
    .toSorted((one, other) => Number(other.grows) - Number(one.grows) || order(one, other) || other.end - one.end)
    .slice(0, SHOWN);
const order = (one: Growth, other: Growth) => KINDS.indexOf(kindOf(one)) - KINDS.indexOf(kindOf(other));
const KINDS = ['memory', 'redis', 'open', 'sockets', 'connections', 'table', 'indexes'];
const kindOf = ({ name }: Growth) => name.split(' ')[0]!;

const isClean = ({ growth, breaches }: Soaked) => breaches.length === 0 && growth.every(({ grows }) => !grows);

function print({ driver, requests, accepted, jobs, post_p95_ms: [middle, end], growth, breaches }: Soaked): void {
  console.log(`\n${driver}: ${requests} requests, ${accepted} accepted, jobs ${JSON.stringify(jobs)}`);
  console.log(`POST p95: ${middle} ms in the second third, ${end} ms in the last`);
  for (const one of largest(growth)) {
    const [from, to, most] = [one.middle, one.end, one.allowed].map((value) => shown(value, one.unit).padStart(9));
    console.log(`${one.grows ? 'GROWS ' : '      '}${one.name.padEnd(48)} ${from} -> ${to}  (at most ${most})`);
  }
  for (const breach of breaches) console.log(`BREACH ${JSON.stringify(breach)}`);
  console.log(`${options.out}/soak-${driver}.svg shows them over time.`);
}

refuseTooMuch(options);
const running = new Set<Cluster>();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(
    signal,
    () => void Promise.all([...running].map((cluster) => cluster.stop())).finally(() => process.exit(130)),
  );
const drivers: Driver[] = options.driver === 'both' ? ['redis', 'database'] : [options.driver];
const told = new Map<string, string>();
const all = { over: false };
const started = Date.now();
const line = () =>
  `${((Date.now() - started) / 60_000).toFixed(1)} of ${options.minutes} min  ${[...told.values()].join('  ')}`;
const telling = tellWhile(() => !all.over, line, 60);
const soaked = await Promise.all(drivers.map((driver) => soak(driver, told))).finally(() => (all.over = true));
await telling;
if (options.json) console.log(JSON.stringify(soaked));
else soaked.forEach(print);
process.exitCode = soaked.every(isClean) ? 0 : 1;
