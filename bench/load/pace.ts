import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import { accepting } from './requests.ts';
import type { Tally } from './tally.ts';
import type { Task } from './tasks.ts';

/** Milliseconds from this process' clock to those since 1970, to a few microseconds: read where the second one ticks. */
function offset(): number {
  const first = Date.now();
  let now = first;
  while (now === first) now = Date.now();
  return now - performance.now();
}

/**
 * Sends at even distances, whether answers come or not: a server that is late does not get fewer requests. What finds
 * no free connection waits, and its time counts from when it was due.
 */
export async function pace(
  connections: Connection[],
  { rate, seconds, run }: Task & { kind: 'pace' },
  tally: Tally,
): Promise<void> {
  const since1970 = offset();
  const count = Math.round(rate * seconds);
  const began = performance.now();
  let answered = 0;
  const isOver = () => answered >= count;
  const send = (connection: Connection, n: number) => {
    const due = began + (n * 1000) / rate;
    connection.send(accepting(run, n), (reply) => {
      const now = performance.now();
      tally.add(reply, now - due, true);
      if (reply.status === 202) tally.at(due + since1970, now + since1970);
      answered++;
    });
  };
  for (let n = 0; !isOver(); await sleep(1)) {
    for (const connection of connections) {
      if (n >= count || performance.now() < began + (n * 1000) / rate) break;
      if (connection.free) send(connection, n++);
    }
  }
}
