import { type Bench, turned } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import type { Contender } from '../support/contender.ts';
import { GRAPHILE, NEST, Peer, ROW_FIRST } from '../support/peer.ts';
import { Program } from '../support/program.ts';
import { ascending } from '../support/statistics.ts';

const CONNECTIONS = 64;
const CONCURRENCY = 50;

interface Running {
  contender: Contender;
  api: Child;
}

/**
 * How many jobs a second one worker does: a backlog that was accepted before the worker starts. Each job asks the
 * same model over HTTP and writes the same rows. The first ones warm the worker up and do not count.
 */
export async function jobs(bench: Bench): Promise<void> {
  const { scale } = bench;
  const contenders = [
    await Program.on(bench, 'jobs', { driver: 'redis' }),
    await Peer.on(bench, 'jobs', ROW_FIRST),
    await Program.on(bench, 'jobs', { driver: 'database' }),
    await Peer.on(bench, 'jobs', GRAPHILE),
    await Peer.on(bench, 'jobs', NEST),
  ];
  const running: Running[] = [];
  for (const contender of contenders) running.push({ contender, api: await contender.startApi() });
  for (let round = 0; round < scale.rounds; round++)
    for (const one of turned(running, round)) {
      bench.progress(`jobs: round ${round + 1} of ${scale.rounds}, ${one.contender.name}`);
      const found = await turn(bench, one);
      for (const [metric, value] of Object.entries(found)) bench.figures.add('jobs', one.contender.name, metric, value);
    }
  for (const { api } of running) await api.end();
}

async function turn(bench: Bench, { contender, api }: Running): Promise<Record<string, number>> {
  const { quick } = bench.scale;
  const [warm, count] = quick ? [500, 1500] : [1000, 5000];
  const task = {
    kind: 'accept',
    port: api.port,
    connections: CONNECTIONS,
    run: bench.nextRun(),
    count: warm + count,
  } as const;
  const { ids } = await bench.load(task, 202);
  await bench.until('all in the queue', async () => (await contender.queued()) >= ids.length);
  await bench.checkpoint();
  const worker = await contender.startWorker(CONCURRENCY);
  const all = async () => (await contender.queued()) === 0 && (await contender.done(ids)).size === ids.length;
  const work = () => bench.until(`${contender.name}: all done`, all, { child: worker, everyMs: 300 });
  const [, costs] = await bench.costs(worker, work, () => ids.length);
  await worker.end();
  const done = ascending([...(await contender.done(ids)).values()]);
  await bench.checkKept(contender, ids);
  if (done.length !== ids.length) throw new Error(`${contender.name}: ${ids.length} accepted, ${done.length} done`);
  const seconds = (done.at(-1)! - done[warm - 1]!) / 1000;
  const parts = Object.entries(costs).map(([part, us]) => [`CPU µs ${part}`, us]);
  return { 'jobs/s': count / seconds, ...Object.fromEntries(parts) };
}
