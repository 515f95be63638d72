import { type Bench, turned } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import type { Contender } from '../support/contender.ts';
import { CARELESS, GRAPHILE, NEST, Peer, ROW_FIRST } from '../support/peer.ts';
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
  const { scale } = bench;
  const contenders = [
    await Program.on(bench, 'latency', { driver: 'redis' }),
    await Peer.on(bench, 'latency', ROW_FIRST),
    await Peer.on(bench, 'latency', CARELESS),
    await Program.on(bench, 'latency', { driver: 'database' }),
    await Peer.on(bench, 'latency', GRAPHILE),
    await Peer.on(bench, 'latency', NEST),
  ];
  const running: Running[] = [];
  for (const contender of contenders) running.push({ contender, api: await contender.startApi() });
  for (let round = 0; round < scale.rounds; round++)
    for (const one of turned(running, round)) {
      bench.progress(`latency: round ${round + 1} of ${scale.rounds}, ${one.contender.name}`);
      const worker = await one.contender.startWorker(CONCURRENCY);
      await warm(bench, one, worker);
      for (const rate of RATES)
        for (const [metric, value] of Object.entries(await turn(bench, one, worker, rate)))
          bench.figures.add('latency', one.contender.name, metric, value);
      await worker.end();
    }
  for (const { api } of running) await api.end();
}

async function warm(bench: Bench, one: Running, worker: Child): Promise<void> {
  const task = { kind: 'accept', port: one.api.port, connections: 16, run: bench.nextRun(), count: WARM_JOBS } as const;
  const { ids } = await bench.load(task, 202);
  await allDone(bench, one.contender, ids, worker);
}

const allDone = (bench: Bench, contender: Contender, ids: string[], worker: Child) =>
  bench.until(`${contender.name}: all done`, async () => (await contender.done(ids)).size === ids.length, {
    child: worker,
    everyMs: 200,
  });

async function turn(
  bench: Bench,
  { contender, api }: Running,
  worker: Child,
  rate: number,
): Promise<Record<string, number>> {
  await bench.checkpoint();
  const { seconds } = bench.scale;
  const task = { kind: 'pace', port: api.port, connections: CONNECTIONS, run: bench.nextRun(), seconds, rate } as const;
  const { ids, acked, due } = await bench.load(task, 202);
  await allDone(bench, contender, ids, worker);
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
