import { type Bench, turned } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import { cpuOf } from '../support/cpu.ts';
import { CARELESS, GRAPHILE, NEST, Peer, ROW_FIRST } from '../support/peer.ts';
import { Program } from '../support/program.ts';

/** What it takes until a process is ready: time, and CPU, which other work on the machine changes less. */
export async function start(bench: Bench): Promise<void> {
  const { rounds } = bench.scale;
  const contenders = [
    await Program.on(bench, 'start', { driver: 'redis' }),
    await Program.on(bench, 'start', { driver: 'database' }),
    await Peer.on(bench, 'start', ROW_FIRST),
    await Peer.on(bench, 'start', CARELESS),
    await Peer.on(bench, 'start', GRAPHILE),
    await Peer.on(bench, 'start', NEST),
  ];
  // Tables are made once.
  for (const contender of contenders) await (await contender.startApi()).end();
  for (let round = 0; round < rounds; round++)
    for (const contender of turned(contenders, round)) {
      bench.progress(`start: round ${round + 1} of ${rounds}, ${contender.name}`);
      const roles = { API: () => contender.startApi(), worker: () => contender.startWorker(50) };
      for (const [role, begin] of Object.entries(roles)) {
        const { ms, cpu } = await ready(begin);
        bench.figures.add('start', contender.name, `${role}: ready after ms`, ms);
        bench.figures.add('start', contender.name, `${role}: CPU ms`, cpu);
      }
    }
}

async function ready(begin: () => Promise<Child>): Promise<{ ms: number; cpu: number }> {
  const began = performance.now();
  const child = await begin();
  const found = { ms: performance.now() - began, cpu: cpuOf(child.pid) * 1000 };
  await child.end();
  return found;
}
