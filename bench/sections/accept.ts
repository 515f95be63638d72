import type { Child } from '../support/child.ts';
import { type Bench, turned } from '../support/bench.ts';
import type { Contender } from '../support/contender.ts';
import { CARELESS, GRAPHILE, NEST, Peer, ROW_FIRST } from '../support/peer.ts';
import { Program } from '../support/program.ts';

const CONNECTIONS = [64, 1];
/** Enough for code to be compiled and connections to be open, seconds. */
const WARM_SECONDS = 3;

interface Running {
  contender: Contender;
  api: Child;
  /** Accepted so far, and so waiting in the queue: no worker runs. */
  accepted: number;
}

/**
 * How many requests a second become jobs. No worker takes time from it. What a contender puts off until after its
 * answer (the queue is told later) is waited for before the next one's turn, and said.
 */
export async function accept(bench: Bench): Promise<void> {
  const { scale } = bench;
  const contenders = [
    await Program.on(bench, 'accept', { driver: 'redis' }),
    await Peer.on(bench, 'accept', ROW_FIRST),
    await Peer.on(bench, 'accept', CARELESS),
    await Peer.on(bench, 'accept', GRAPHILE),
    await Peer.on(bench, 'accept', NEST),
    await Program.on(bench, 'accept', { driver: 'database' }),
  ];
  const running: Running[] = [];
  for (const contender of contenders) running.push({ contender, api: await contender.startApi(), accepted: 0 });
  for (const one of running) await turn(bench, one, 64, WARM_SECONDS);
  for (let round = 0; round < scale.rounds; round++)
    for (const connections of CONNECTIONS)
      for (const one of turned(running, round)) {
        bench.progress(
          `accept: round ${round + 1} of ${scale.rounds}, ${connections} connections, ${one.contender.name}`,
        );
        const found = await turn(bench, one, connections, scale.seconds);
        for (const [metric, value] of Object.entries(found))
          bench.figures.add('accept', one.contender.name, metric, value);
      }
  for (const { api } of running) await api.end();
}

async function turn(bench: Bench, one: Running, connections: number, seconds: number): Promise<Record<string, number>> {
  const { contender, api } = one;
  await bench.checkpoint();
  const task = { kind: 'accept', port: api.port, connections, run: bench.nextRun(), seconds } as const;
  let late = 0;
  const work = async () => {
    const load = await bench.load(task, 202);
    one.accepted += load.ids.length;
    late = await bench.until(
      `${contender.name}: all in the queue`,
      async () => (await contender.queued()) >= one.accepted,
    );
    return load;
  };
  const [load, costs] = await bench.costs(api, work, ({ ids }) => ids.length);
  await bench.checkKept(contender, load.ids);
  const queued = await contender.queued();
  if (queued !== one.accepted) throw new Error(`${contender.name}: ${one.accepted} accepted, ${queued} in the queue`);
  const at = ` at ${connections}`;
  const times = { [`/s${at}`]: load.perSecond, [`p50 ms${at}`]: load.p50, [`p99 ms${at}`]: load.p99 };
  if (connections === 1) return times;
  const parts = Object.entries(costs).map(([part, us]) => [`CPU µs ${part}`, us]);
  const perRequest = (load.cpu / load.ids.length) * 1e6;
  return { ...times, 'queue told after ms': late, 'CPU µs load': perRequest, ...Object.fromEntries(parts) };
}
