import type { Queue, Worker } from '../data/api.ts';
import { Copied } from '../parts/copied.tsx';
import { When } from '../parts/small.tsx';
import { Table } from '../parts/table.tsx';
import { count } from '../words/numbers.ts';
import { words } from '../words/words.ts';

const START = 'ROLE=worker npm start';

interface Process extends Worker {
  /** Jobs it runs now; messages to webhooks are not counted. */
  busy: number;
  /** Jobs it can run at once. */
  places: number;
}

/** A process works on several queues, and each queue lists it. */
function processesOf(queues: readonly Queue[]): Process[] {
  const found = new Map<string, Process>();
  for (const worker of queues.flatMap((queue) => (queue.name === 'webhooks' ? [] : queue.workers))) {
    const { busy, places } = found.get(worker.id) ?? { busy: 0, places: 0 };
    const sums = { busy: busy + (worker.running ?? 0), places: places + worker.concurrency };
    found.set(worker.id, { ...worker, ...sums });
  }
  return [...found.values()];
}

export function Workers({ queues }: { queues: readonly Queue[] }) {
  const { watch: w } = words.value;
  const processes = processesOf(queues);
  return (
    <section>
      <h2>{w.workers}</h2>
      {processes.length === 0 ? (
        <div class="notice warn">
          <p>{w.noWorkers}</p>
          <Copied code={START} />
        </div>
      ) : (
        <div class="card">
          <Table
            caption={w.workers}
            hideCaption
            rows={processes}
            keyOf={({ id }) => id}
            columns={[
              { head: w.host, cell: ({ host, pid }) => `${host}:${pid}` },
              { head: w.now, isNumber: true, cell: ({ busy, places }) => `${count(busy)} / ${count(places)}` },
              { head: w.itsQueues, cell: (worker) => worker.queues.map(nameOf).join(', ') },
              { head: w.model, cell: ({ model }) => model ?? w.none },
              { head: w.startedAt, cell: ({ started_at }) => <When at={started_at} /> },
              { head: w.seen, cell: ({ seen_at }) => <When at={seen_at} /> },
            ]}
          />
        </div>
      )}
    </section>
  );
}

function nameOf(queue: string): string {
  const names: Record<string, string> = words.value.watch.queue;
  return names[queue] ?? queue;
}
