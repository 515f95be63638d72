import type { Redis } from 'ioredis';
import type pg from 'pg';
import { type Bench, turned } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import { GRAPHILE, Peer, ROW_FIRST } from '../support/peer.ts';
import { Program } from '../support/program.ts';
import { BY_KEY, CACHED } from '../support/targets.ts';

const WARM_SECONDS = 2;
const CONNECTIONS = 64;
const CONCURRENCY = 50;

interface Polled {
  name: string;
  api: Child;
  ids: string[];
}

/** The program with its jobs, and a peer that is given the very same answers. */
interface Pair {
  program: Program;
  api: Child;
  ids: string[];
  peer: Polled;
  /** Has the peer's store hold these answers. */
  keep: (answers: Map<string, string>) => Promise<void>;
}

/**
 * How many looks at jobs a second are answered: 5,000 jobs that wait, then the same ones finished, in random order.
 * The peers send what the program would send, byte for byte: from Redis, and from PostgreSQL by its primary key.
 */
export async function poll(bench: Bench): Promise<void> {
  const jobs = bench.scale.quick ? 1000 : 5000;
  const pairs = [await withRedis(bench, jobs), await withoutRedis(bench, jobs)];
  for (const state of ['waiting', 'finished']) {
    if (state === 'finished') for (const pair of pairs) await finish(bench, pair);
    for (const pair of pairs) await pair.keep(await answersOf(pair));
    const all = pairs.flatMap(({ program, api, ids, peer }) => [{ name: program.name, api, ids }, peer]);
    for (const one of all) await turn(bench, one, WARM_SECONDS, false);
    for (let round = 0; round < bench.scale.rounds; round++)
      for (const known of [false, true])
        for (const one of turned(all, round)) {
          bench.progress(`poll: round ${round + 1} of ${bench.scale.rounds}, ${state}, ${one.name}`);
          const found = await turn(bench, one, bench.scale.seconds, known);
          const what = known ? `304 ${state}` : state;
          for (const [metric, value] of Object.entries(found))
            bench.figures.add('poll', one.name, `${metric} ${what}`, value);
        }
  }
  for (const { api, peer } of pairs) await Promise.all([api.end(), peer.api.end()]);
}

async function withRedis(bench: Bench, jobs: number): Promise<Pair> {
  const peer = await Peer.on(bench, 'poll', { ...ROW_FIRST, name: CACHED });
  const program = await Program.on(bench, 'poll', { driver: 'redis' });
  return { ...(await accepted(bench, program, peer, jobs)), keep: (answers) => keepInRedis(peer.redis, answers) };
}

async function withoutRedis(bench: Bench, jobs: number): Promise<Pair> {
  const peer = await Peer.on(bench, 'poll', { ...GRAPHILE, name: BY_KEY });
  const program = await Program.on(bench, 'poll', { driver: 'database' });
  return { ...(await accepted(bench, program, peer, jobs)), keep: (answers) => keepInTable(peer.db, answers) };
}

async function accepted(bench: Bench, program: Program, peer: Peer, count: number) {
  bench.progress(`poll: ${program.name} accepts ${count} jobs`);
  const [api, peerApi] = [await program.startApi(), await peer.startApi()];
  const task = { kind: 'accept', port: api.port, connections: CONNECTIONS, run: bench.nextRun(), count } as const;
  const { ids } = await bench.load(task, 202);
  await bench.until('all in the queue', async () => (await program.queued()) >= count);
  return { program, api, ids, peer: { name: peer.name, api: peerApi, ids } };
}

/** By a worker, as in life: so the status cache has what it has then. */
async function finish(bench: Bench, { program, ids }: Pair): Promise<void> {
  bench.progress(`poll: ${program.name} finishes its jobs`);
  const worker = await program.startWorker(CONCURRENCY);
  await bench.until('all jobs done', async () => (await program.done(ids)).size === ids.length);
  await worker.end();
}

async function answersOf({ api, ids }: Pair): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  for (const id of ids) answers.set(id, await (await fetch(`http://127.0.0.1:${api.port}/jobs/${id}`)).text());
  return answers;
}

async function keepInRedis(redis: Redis, answers: Map<string, string>): Promise<void> {
  const pipeline = redis.pipeline();
  for (const [id, body] of answers) pipeline.set(`answer:${id}`, body, 'EX', 3600);
  await pipeline.exec();
}

async function keepInTable(db: pg.Pool, answers: Map<string, string>): Promise<void> {
  await db.query(
    `INSERT INTO answers (id, body) SELECT * FROM unnest($1::uuid[], $2::text[])
     ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body`,
    [[...answers.keys()], [...answers.values()]],
  );
  await db.query('VACUUM ANALYZE answers');
}

async function turn(bench: Bench, { api, ids }: Polled, seconds: number, known: boolean) {
  const task = { kind: 'poll', port: api.port, connections: CONNECTIONS, ids, seconds, known } as const;
  const work = () => bench.load(task, known ? 304 : 200);
  const [load, costs] = await bench.costs(api, work, ({ answered }) => answered);
  return {
    '/s': load.perSecond,
    'p99 ms': load.p99,
    ...(!known && { 'CPU µs': costs.process!, 'CPU µs load': (load.cpu / load.answered) * 1e6 }),
  };
}
