import { type Bench, turned } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import { Program } from '../support/program.ts';
import { type Grown, grow, sampleOf } from '../support/rows.ts';

const CONNECTIONS = 64;
const CONCURRENCY = 50;
/** Accepted in a turn, and done in the same: what waits does not become more or less. */
const JOBS = 3000;
/** The first of them warm the worker up. */
const WARM = 500;
const POLLED = 1000;
/** A million ids take their time into the queue, milliseconds. */
const QUEUED_WITHIN_MS = 1_800_000;

interface Running {
  program: Program;
  api: Child;
}

/**
 * The program beside itself, with many waiting and many finished rows: what must not become slower by them. The rows
 * are inserted as they would be; those that wait are in the queue as well.
 */
export async function growth(bench: Bench): Promise<void> {
  const sizes = bench.scale.quick ? [10_000] : [10_000, 100_000, 1_000_000];
  for (const state of ['waiting', 'finished'] as const) {
    const empty = await started(bench, `growth-none-${state}`);
    const grown = await started(bench, `growth-${state}`);
    for (const size of sizes) {
      const name = `${size.toLocaleString('en-US')} ${state}`;
      bench.progress(`growth: ${name}, rows`);
      await grow(grown.program.db, state, size);
      if (state === 'waiting')
        await bench.until(`${size} in the queue`, async () => (await grown.program.queued()) >= size, {
          child: grown.api,
          everyMs: 500,
          withinMs: QUEUED_WITHIN_MS,
        });
      await compare(bench, { empty, grown }, state, name);
    }
    for (const { api } of [empty, grown]) await api.end();
  }
}

async function started(bench: Bench, section: string): Promise<Running> {
  const program = await Program.on(bench, section, { driver: 'redis' });
  return { program, api: await program.startApi() };
}

async function compare(bench: Bench, pair: Record<'empty' | 'grown', Running>, state: Grown, name: string) {
  for (const one of [pair.empty, pair.grown]) await turn(bench, one, state);
  for (let round = 0; round < bench.scale.rounds; round++) {
    bench.progress(`growth: ${name}, round ${round + 1} of ${bench.scale.rounds}`);
    const found: Partial<Record<'empty' | 'grown', Record<string, number>>> = {};
    for (const one of turned(['empty', 'grown'] as const, round)) found[one] = await turn(bench, pair[one], state);
    for (const [metric, value] of Object.entries(found.grown!)) {
      bench.figures.add('growth', name, metric, value);
      bench.figures.add('growth', name, `${metric}, × itself with none`, value / found.empty![metric]!);
    }
  }
}

async function turn(bench: Bench, { program, api }: Running, state: Grown): Promise<Record<string, number>> {
  await bench.checkpoint();
  const to = { port: api.port, connections: CONNECTIONS };
  const waiting = await program.queued();
  const accepted = await bench.load({ kind: 'accept', ...to, run: bench.nextRun(), count: JOBS }, 202);
  await bench.checkKept(program, accepted.ids);
  await bench.until('all in the queue', async () => (await program.queued()) >= waiting + JOBS);
  const ids = await sampleOf(program.db, state, POLLED);
  const polled =
    ids.length > 0 && (await bench.load({ kind: 'poll', ...to, ids, seconds: bench.scale.seconds, known: false }, 200));
  const jobsPerSecond = await work(bench, program);
  return { 'accept/s': accepted.perSecond, ...(polled && { 'poll/s': polled.perSecond }), 'jobs/s': jobsPerSecond };
}

/** Has a worker do as many as were accepted, the longest waiting first. */
async function work(bench: Bench, program: Program): Promise<number> {
  const since = new Date();
  const done = async () => {
    const { rows } = await program.db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM generation_jobs
       WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED') AND finished_at > $1`,
      [since],
    );
    return rows[0]!.n;
  };
  const worker = await program.startWorker(CONCURRENCY);
  await bench.until(`${JOBS} done`, async () => (await done()) >= JOBS, { child: worker, everyMs: 300 });
  await worker.end();
  const { rows } = await program.db.query<{ seconds: number }>(
    `SELECT extract(epoch FROM max(at) - min(at))::float8 AS seconds FROM (
       SELECT pg_xact_commit_timestamp(xmin) AS at, row_number() OVER (ORDER BY pg_xact_commit_timestamp(xmin)) AS place
       FROM generation_jobs WHERE status = 'DONE' AND finished_at > $1) AS done WHERE place BETWEEN $2 AND $3`,
    [since, WARM, JOBS],
  );
  return (JOBS - WARM) / rows[0]!.seconds;
}
