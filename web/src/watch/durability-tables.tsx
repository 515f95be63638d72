import type { Loop, Queue } from '../data/api.ts';
import { When } from '../parts/small.tsx';
import { Table } from '../parts/table.tsx';
import { count } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** What the ledger and the queue count, side by side. */
export function Counts({ queues }: { queues: readonly Queue[] }) {
  const { durability: d, watch: w } = words.value;
  const orNone = (value: number | undefined) => (value === undefined ? w.none : count(value));
  return (
    <Table
      caption={d.ledgerOf}
      hideCaption
      rows={queues}
      keyOf={({ name }) => name}
      columns={[
        { head: d.name, cell: ({ name }) => w.queue[name] },
        { head: d.toHandOver, isNumber: true, cell: ({ jobs }) => count(jobs.due) },
        { head: d.handedOver, isNumber: true, cell: ({ jobs }) => count(jobs.dispatched + jobs.in_progress) },
        {
          head: d.inQueue,
          isNumber: true,
          cell: ({ queue }) => orNone(queue ? queue.waiting + queue.delayed : undefined),
        },
        { head: d.withWorker, isNumber: true, cell: ({ queue }) => orNone(queue?.active) },
      ]}
    />
  );
}

export function Loops({ loops }: { loops: readonly Loop[] }) {
  const { durability: d, watch: w } = words.value;
  return (
    <details>
      <summary>{d.allLoops}</summary>
      <Table
        caption={d.allLoops}
        hideCaption
        rows={loops}
        keyOf={({ name, process }) => `${name} ${process}`}
        columns={[
          { head: d.loop, cell: ({ name }) => <code>{name}</code> },
          { head: d.process, cell: ({ process }) => process },
          { head: d.state, cell: ({ standing_since }) => (standing_since === null ? d.runs : d.stands) },
          { head: d.success, cell: ({ last_success_at: at }) => (at === null ? w.none : <When at={at} />) },
        ]}
      />
    </details>
  );
}
