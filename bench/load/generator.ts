/** The load: a process of its own, told by messages what to do. */
import { openAll, type Connection, type Reply } from './connection.ts';
import { pace } from './pace.ts';
import { accepting, idIn, polling } from './requests.ts';
import type { Load, Task } from './tasks.ts';
import { Tally } from './tally.ts';

type Closed = Exclude<Task, { kind: 'pace' }>;

/** Sends the next request on a connection when its answer came, until the time or the number is over. */
function drive(connections: Connection[], task: Closed, next: () => string, tally: Tally): Promise<void> {
  const { seconds = Infinity } = task;
  const count = task.kind === 'accept' ? (task.count ?? Infinity) : Infinity;
  const end = performance.now() + seconds * 1000;
  let sent = 0;
  let open = connections.length;
  return new Promise((over) => {
    const step = (connection: Connection) => {
      const began = performance.now();
      if (began >= end || sent >= count) {
        if (--open === 0) over();
        return;
      }
      sent++;
      connection.send(next(), (reply) => {
        const now = performance.now();
        tally.add(reply, now - began, now <= end);
        step(connection);
      });
    };
    for (const connection of connections) step(connection);
  });
}

/** The ETag of each, asked for one after the other. */
async function etags({ port, ids }: Task & { kind: 'poll' }, failed: (error: Error) => void): Promise<string[]> {
  const [connection] = await openAll(port, 1, failed);
  const found: string[] = [];
  for (const id of ids) {
    const { head } = await new Promise<Reply>((answered) => connection!.send(polling(id, '"?"'), answered));
    found.push(/etag: *(\S+)/i.exec(head)?.[1] ?? '');
  }
  connection!.close();
  return found;
}

async function requestsOf(task: Closed, failed: (error: Error) => void): Promise<() => string> {
  if (task.kind === 'accept') {
    let n = 0;
    return () => accepting(task.run, n++);
  }
  const known = task.known ? await etags(task, failed) : [];
  const requests = task.ids.map((id, n) => polling(id, known[n]));
  return () => requests[Math.floor(Math.random() * requests.length)]!;
}

async function run(task: Task): Promise<Load> {
  const tally = new Tally(task.kind !== 'poll' ? (reply) => idIn(reply.body) : null);
  let failed: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (failed = reject));
  broken.catch(() => undefined);
  const next = task.kind === 'pace' ? null : await Promise.race([requestsOf(task, failed), broken]);
  const connections = await openAll(task.port, task.connections, failed);
  tally.begin();
  const work = task.kind === 'pace' ? pace(connections, task, tally) : drive(connections, task, next!, tally);
  try {
    await Promise.race([work, broken]);
    return tally.end(task.seconds);
  } finally {
    for (const connection of connections) connection.close();
  }
}

process.on('message', (task: Task) => {
  run(task).then(
    (load) => process.send!(load),
    (error: Error) => process.send!({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
console.log('READY');
