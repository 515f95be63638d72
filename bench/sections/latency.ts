import { type Bench, turned } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import type { Contender } from '../support/contender.ts';
import { NEST } from '../support/nest.ts';
import { CARELESS, GRAPHILE, Peer, ROW_FIRST } from '../support/peer.ts';
import { Program } from '../support/program.ts';
import { ascending, quantile } from '../support/statistics.ts';

const CONNECTIONS = 64;
const CONCURRENCY = 50;
/** Jobs a second: few, where nothing has to wait; and as many as a busy site has. */
const RATES = [50, 500];
const WARM_JOBS = 500;

interface Running {
  contender: Contender;
  api: Child;
}

/** How long it takes from the 202 until a job is DONE, with a model that answers at once. By the commit of DONE. */
export async function latency(bench: Bench): Promise<void> {
  const { services, model, scale } = bench;
  const contenders = [
    await Program.on(services, model, { driver: 'redis' }, 'MovieMind latency'),
    await Peer.on(services, model, { ...ROW_FIRST, mode: 'latency-row-first' }),
    await Peer.on(services, model, { ...CARELESS, mode: 'latency-careless' }),
    await Program.on(services, model, { driver: 'database' }, 'MovieMind latency on PostgreSQL'),
    await Peer.on(services, model, { ...GRAPHILE, mode: 'latency-graphile' }),
    await Peer.on(services, model, { ...NEST, mode: 'latency-nest' }),
  ];
  const running: Running[] = [];
  for (const contender of contenders) running.push({ contender, api: await contender.startApi() });
  for (let round = 0; round < scale.rounds; round++)
    for (const one of turned(running, round)) {
      bench.progress(`latency: round ${round + 1} of ${scale.rounds}, ${one.contender.name}`);
      const worker = await one.contender.startWorker(CONCURRENCY);
      await warm(bench, one);
      for (const rate of RATES)
        for (const [metric, value] of Object.entries(await turn(bench, one, rate)))
          bench.figures.add('latency', one.contender.name, metric, value);
      await worker.end();
    }
  for (const { api } of running) await api.end();
}

async function warm(bench: Bench, one: Running): Promise<void> {
  const task = { kind: 'accept', port: one.api.port, connections: 16, run: bench.nextRun(), count: WARM_JOBS } as const;
  const { ids } = await bench.load(task, 202);
  await allDone(bench, one.contender, ids);
}

const allDone = (bench: Bench, contender: Contender, ids: string[]) =>
  bench.until(`${contender.name}: all done`, async () => (await contender.done(ids)).size === ids.length);

async function turn(bench: Bench, { contender, api }: Running, rate: number): Promise<Record<string, number>> {
  await bench.checkpoint();
  const { seconds } = bench.scale;
  const task = { kind: 'pace', port: api.port, connections: CONNECTIONS, run: bench.nextRun(), seconds, rate } as const;
  const { ids, acked, due } = await bench.load(task, 202);
  await allDone(bench, contender, ids);
  await bench.checkKept(contender, ids);
  const done = await contender.done(ids);
  const since = (times: number[]) => ascending(ids.map((id, n) => Math.max(0, done.get(id)! - times[n]!)));
  const [fromAnswer, fromRequest] = [since(acked), since(due)];
  const at = ` at ${rate}/s`;
  // What was done while requests still came, of what came: below 1 it falls behind.
  const end = Math.max(...acked);
  const kept = [...done.values()].filter((time) => time <= end + 100).length / ids.length;
  return {
    [`p50 ms${at}`]: quantile(fromAnswer, 0.5),
    [`p99 ms${at}`]: quantile(fromAnswer, 0.99),
    [`from request, p50 ms${at}`]: quantile(fromRequest, 0.5),
    ...(rate > 50 && { [`share done in time${at}`]: kept }),
  };
}
