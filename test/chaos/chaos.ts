import { Command, Option } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from '../support/machines/cluster.ts';
import { percentile } from '../support/client/load.ts';
import { Random } from '../support/run/random.ts';
import { between, refuseTooMuch, tellWhile } from '../support/run/steady.ts';
import type { Fallback } from '../support/model/stub-model.ts';
import { commit, type Planned, scheduleOf } from './faults.ts';
import { isClean, printLine, printReport, type Report } from './report.ts';

interface Options {
  seed: number;
  minutes: number;
  driver: 'redis' | 'database';
  api: number;
  workers: number;
  rate: number;
  json?: true;
  quiet?: true;
}

/**
 * After the load some job must end within this time, again and again, until none is left: a slow machine is not a
 * lost job.
 */
const STALLED_AFTER_MS = 120_000;
/** Bound of that wait in all, milliseconds. */
const SETTLED_WITHIN_MS = 1_200_000;
/**
 * All waits between the attempts of a message, milliseconds, and some room: one that was unlucky each time has its
 * last by then.
 */
const TOLD_WITHIN_MS = 240_000;
const WEBHOOK_BACKOFF_MS = 10;
/** Every so many accepted jobs, one is watched by polls, so many at a time. */
const WATCH_EVERY = 20;
const WATCHED_AT_ONCE = 40;
const MODEL_MS = 50;
/** Names the model uses for casts, so that films share people as real ones do. */
const ACTORS = 400;

const options = new Command('chaos')
  .description(
    'Breaks everything at random under load and proves that nothing accepted is lost. Same seed, same schedule.',
  )
  .option('--seed <number>', 'schedule of faults', between(1, 2 ** 31), 1)
  .option('--minutes <number>', 'how long', between(0.2, 600), 5)
  .addOption(new Option('--driver <driver>', 'where the queue lives').choices(['redis', 'database']).default('redis'))
  .option('--api <number>', 'API processes', between(1, 8), 2)
  .option('--workers <number>', 'worker processes', between(1, 8), 3)
  .option('--rate <number>', 'requests a second', between(1, 5000), 200)
  .option('--json', 'print one JSON document')
  .option('--quiet', 'print one line, or everything when an invariant is breached')
  .parse()
  .opts<Options>();

/** A fault that is over, until every job accepted before its end has ended. */
interface Recovering {
  kind: string;
  since: Date;
}

class Chaos {
  private readonly totalMs = options.minutes * 60_000;
  private readonly schedule = scheduleOf(options.seed, options.driver, this.totalMs);
  private readonly recovering: Recovering[] = [];
  private readonly recovered: Record<string, number[]> = {};
  private readonly watched: string[] = [];
  /** Faults that could not be made, as of a process that did not start again. */
  private readonly failed: string[] = [];
  private readonly started = Date.now();
  private now = '';
  private over = false;
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  async run(): Promise<Report> {
    const { load, model } = this.cluster;
    model.keepCalls = false;
    this.cluster.receiver.keepMessages = false;
    model.otherwise(casting(new Random(options.seed)));
    let accepted = 0;
    load.onAccepted = (id) => {
      if (accepted++ % WATCH_EVERY === 0) this.watched.push(id);
      if (this.watched.length > WATCHED_AT_ONCE) this.watched.shift();
    };
    const beside = [
      load.watch(
        () => this.watched,
        () => this.over,
      ),
      this.follow(),
      ...(options.quiet ? [] : [this.tell()]),
    ];
    const [requests] = await Promise.all([
      load.run(options.rate, options.minutes * 60, (n) => [...nextSubject(n), this.cluster.webhook(n)]),
      this.breakThings(),
    ]);
    const loadSeconds = (Date.now() - this.started) / 1000;
    this.now = 'settling';
    const settled = await this.settled();
    await this.cluster.toldAll(TOLD_WITHIN_MS);
    await sleep(1000); // for a last look of follow()
    this.over = true;
    await Promise.all(beside);
    for (const id of [...load.observed.keys()].slice(-1000)) await load.poll(id);
    return this.report(requests, loadSeconds, settled);
  }

  private async breakThings(): Promise<void> {
    for (const planned of this.schedule) {
      // As the schedule has it.
      await sleep(Math.max(0, this.started + planned.atMs - Date.now()));
      this.now = planned.kind;
      await commit(planned, this.cluster, options.driver).catch((error: Error) =>
        this.failed.push(`${planned.kind}: ${error.message.slice(-1000)}`),
      );
      this.now = '';
      this.recovering.push({ kind: planned.kind, since: new Date() });
    }
  }

  /** Looks every half second how old the oldest unfinished job is, and so which faults are recovered from. */
  private async follow(): Promise<void> {
    for (; !this.over; await sleep(500)) {
      const [row] = await this.cluster
        .rows<{ oldest: Date | null }>(
          `SELECT min(created_at) AS oldest FROM generation_jobs WHERE status IN ('PENDING', 'IN_PROGRESS')`,
        )
        .catch(() => []);
      if (!row) continue;
      for (const fault of this.recovering.slice()) {
        if (row.oldest && row.oldest <= fault.since) continue;
        this.recovering.splice(this.recovering.indexOf(fault), 1);
        (this.recovered[fault.kind] ??= []).push((Date.now() - fault.since.getTime()) / 1000);
      }
    }
  }

  private tell(): Promise<void> {
    const line = async () => {
      const { accepted, answers } = this.cluster.load;
      const seconds = Math.round((Date.now() - this.started) / 1000);
      const waiting = await this.cluster.unfinished().catch(() => '?');
      return `${seconds} s  accepted ${accepted.size}  refused ${answers[503] ?? 0}  unfinished ${waiting}  ${this.now}`;
    };
    return tellWhile(() => !this.over, line, 10);
  }

  /** @returns milliseconds until nothing was unfinished any more; `null`: it stood still, or took too long */
  private async settled(): Promise<number | null> {
    const started = Date.now();
    let least = { unfinished: Infinity, at: started };
    while (Date.now() - least.at < STALLED_AFTER_MS && Date.now() - started < SETTLED_WITHIN_MS) {
      const unfinished = await this.cluster.unfinished().catch(() => Infinity);
      if (unfinished === 0) return Date.now() - started;
      if (unfinished < least.unfinished) least = { unfinished, at: Date.now() };
      await sleep(200); // between two looks
    }
    return null;
  }

  private async report(requests: number, loadSeconds: number, settledMs: number | null): Promise<Report> {
    const { load, model } = this.cluster;
    const jobs = await this.counts('SELECT status AS name, count(*)::int FROM generation_jobs GROUP BY 1 ORDER BY 1');
    const claims = await this.counts(
      `SELECT COALESCE(claim ->> 'outcome', 'OPEN') AS name, count(*)::int
       FROM generation_jobs, jsonb_array_elements(history) AS claim GROUP BY 1 ORDER BY 1`,
    );
    const failures = await this.counts(
      `SELECT concat_ws(': ', claim #>> '{error,type}', claim #>> '{error,message}') AS name, count(*)::int
       FROM generation_jobs, jsonb_array_elements(history) AS claim WHERE claim ->> 'outcome' = 'FAILED' GROUP BY 1 ORDER BY 1`,
    );
    const [counted] = await this.cluster.rows<{ tokens: number }>(
      'SELECT COALESCE(sum(input_tokens + output_tokens), 0)::int AS tokens FROM model_uses',
    );
    const { seed, driver, minutes, api, workers, rate } = options;
    const recovery = Object.entries(this.recovered).map(([kind, times]) => [
      kind,
      { times: times.length, p50: percentile(times, 0.5), max: Math.max(...times) },
    ]);
    return {
      seed,
      driver,
      minutes,
      apis: api,
      workers,
      schedule: this.schedule,
      rate_asked: rate,
      rate_accepted: Math.round(load.accepted.size / loadSeconds),
      requests,
      answers: load.answers,
      post_ms: spread(load.times),
      poll_ms: spread(load.pollTimes),
      jobs,
      settled_seconds: settledMs === null ? null : Math.round(settledMs / 100) / 10,
      recovery: Object.fromEntries(recovery) as Report['recovery'],
      model_calls: summed(model.counts),
      tokens: { spent: summed(model.spent), counted: counted!.tokens },
      claims,
      failures,
      watched: load.observed.size,
      breaches: await this.cluster.breaches(),
      offences: [...load.offences, ...this.failed, ...this.cluster.deaths, ...this.cluster.defects],
    };
  }

  private async counts(text: string): Promise<Record<string, number>> {
    const rows = await this.cluster.rows<{ name: string; count: number }>(text);
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
}

const summed = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

const spread = (times: number[]) => ({
  p50: Math.round(percentile(times, 0.5)),
  p99: Math.round(percentile(times, 0.99)),
  max: Math.round(percentile(times, 1)),
});

/** Mostly new films, some people, and now and then a subject that was asked for a while ago. */
function nextSubject(n: number): [subject: string, path: 'movies' | 'people'] {
  const subject = n % 17 === 16 ? n - 16 : n;
  return [`Chaos ${subject}.`, subject % 5 === 0 ? 'people' : 'movies'];
}

function casting(random: Random): Fallback {
  const actor = () => ({ name: `Actor ${random.between(1, ACTORS)}`, role: 'ACTOR', character_name: null });
  const crew = () => ({ cast: [actor(), actor()], directors: [`Director ${random.between(1, ACTORS)}`] });
  const film = (subject: string) => Number(/\d+/.exec(subject)) % 5 !== 0;
  return (subject) => ({ kind: 'answer', delayMs: MODEL_MS, ...(film(subject) && { output: crew() }) });
}

const described = ({ atMs, kind, lastMs }: Planned) =>
  `${(atMs / 1000).toFixed(1).padStart(7)} s  ${kind.padEnd(24)} ${(lastMs / 1000).toFixed(1)} s`;

refuseTooMuch(options);
if (!options.json && !options.quiet) {
  const schedule = scheduleOf(options.seed, options.driver, options.minutes * 60_000);
  console.log(`Seed ${options.seed} on ${options.driver}:\n${schedule.map(described).join('\n')}\n`);
}
const cluster = await Cluster.start({
  driver: options.driver,
  apis: options.api,
  workers: options.workers,
  settings: { WORKER_CONCURRENCY: '16', GENERATION_BACKOFF_MS: '200', WEBHOOK_BACKOFF_MS: String(WEBHOOK_BACKOFF_MS) },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void cluster.stop().finally(() => process.exit(130)));
try {
  const report = await new Chaos(cluster).run();
  if (options.json) console.log(JSON.stringify(report));
  else if (options.quiet && isClean(report)) printLine(report);
  else printReport(report);
  process.exitCode = isClean(report) ? 0 : 1;
} finally {
  await cluster.stop();
}
