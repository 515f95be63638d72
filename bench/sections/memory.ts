import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../support/bench.ts';
import type { Child } from '../support/child.ts';
import { memoryOf } from '../support/cpu.ts';
import { OURS } from '../support/contender.ts';
import { Program } from '../support/program.ts';
import { grow, sampleOf } from '../support/rows.ts';

const HELD = 2000;
/** Sockets that are opened at a time: a listener's backlog has its end. */
const AT_ONCE = 50;
/** What code and connections need at first is no client's share. */
const WARM = 200;
/** Time to tidy up, milliseconds. */
const QUIET_MS = 5000;

const CLIENTS = {
  'held poll': (id: string) => `GET /jobs/${id} HTTP/1.1\r\nhost: 127.0.0.1\r\nprefer: wait=30\r\n\r\n`,
  'event stream': (id: string) => `GET /jobs/${id}/events HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`,
};

/** What an idle API keeps in memory, and what each client that waits for its own job adds to it. */
export async function memory(bench: Bench): Promise<void> {
  const { rounds } = bench.scale;
  const program = await Program.on(bench, 'memory', { driver: 'redis' });
  const first = await program.startApi();
  await grow(program.db, 'waiting', HELD + WARM);
  await bench.until('all in the queue', async () => (await program.queued()) >= HELD + WARM);
  await first.end();
  const ids = await sampleOf(program.db, 'waiting', HELD + WARM);
  for (let round = 0; round < rounds; round++)
    for (const [what, request] of Object.entries(CLIENTS)) {
      bench.progress(`memory: round ${round + 1} of ${rounds}, ${what}`);
      const api = await program.startApi();
      await sleep(QUIET_MS);
      bench.figures.add('memory', OURS, 'idle MB', (memoryOf(api.pid) * 1024) / 1e6);
      bench.figures.add('memory', OURS, `${what} kB`, await share(api, ids, request));
      await api.end();
    }
}

async function share(api: Child, ids: string[], request: (id: string) => string): Promise<number> {
  const sockets = await hold(api, ids.slice(0, WARM), request);
  await sleep(QUIET_MS);
  const before = memoryOf(api.pid);
  sockets.push(...(await hold(api, ids.slice(WARM), request)));
  await sleep(QUIET_MS);
  const lost = sockets.filter((socket) => socket.destroyed).length;
  if (lost > 0) throw new Error(`${lost} of ${sockets.length} clients are not held any more`);
  const kilobytes = ((memoryOf(api.pid) - before) * 1.024) / HELD;
  for (const socket of sockets) socket.destroy();
  return kilobytes;
}

async function hold(api: Child, ids: string[], request: (id: string) => string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let n = 0; n < ids.length; n += AT_ONCE)
    sockets.push(...(await Promise.all(ids.slice(n, n + AT_ONCE).map((id) => open(api.port, request(id))))));
  return sockets;
}

async function open(port: number, request: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise((connected, failed) => socket.once('connect', connected).once('error', failed));
  socket.once('data', (answer: Buffer) => {
    // A held poll says nothing yet; a stream begins with 200.
    const status = answer.toString('latin1', 9, 12);
    if (status !== '200') socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.write(request, 'latin1');
  return socket;
}
