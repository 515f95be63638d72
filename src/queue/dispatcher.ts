import type { DataSource } from 'typeorm';
import type { AnyQueueName, Producers } from '../domain/queues.js';
import type { Loops } from '../timing/loops.js';
import { DispatchLoop, POLL_MS } from './dispatch-loop.js';
import type { Outbox, Waiting } from './outbox.js';
import type { QueueConnections } from './queue-connections.js';

const BATCH = 500;

/**
 * Moves committed ids into the queue, after the answer, in batches; every process has one, and they share the work:
 *
 * 1. lock due rows that no other dispatcher has locked;
 * 2. add their ids to the queue; each under an id of its own per dispatch, so that adding twice does nothing;
 * 3. mark them dispatched and commit. Death before the commit leaves them due.
 *
 * The transaction spans the call to the queue on purpose; that call is bounded to a second.
 */
export class Dispatcher<Row extends Waiting = Waiting> {
  private readonly loop: DispatchLoop;

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox<Row>,
    private readonly queues: Producers,
    private readonly connections: QueueConnections,
    loops: Loops,
  ) {
    const loop = loops.open(outbox.loop, POLL_MS);
    this.loop = new DispatchLoop(outbox.name, () => this.dispatchBatch(), BATCH, loop);
  }

  start(): void {
    this.outbox.onDue(() => this.loop.wake());
    this.loop.start();
  }

  /** Ends after the batch in hand. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** What the queue says of a row. `active`: a worker has it, or had; `unknown`: the queue does not know it. */
  stateOf(row: Row): Promise<string> {
    const queue = this.queues[this.queueOf(row)];
    return this.connections.ask(() => queue.getJobState(queueIdOf(row)));
  }

  /** @returns how many were dispatched */
  private dispatchBatch(): Promise<number> {
    return this.db.transaction(async (tx) => {
      const due = await this.outbox.lockDue(tx, BATCH);
      if (due.length === 0) return 0;
      const queues = new Set(due.map((row) => this.queueOf(row)));
      await Promise.all(
        [...queues].map((queue) =>
          this.add(
            queue,
            due.filter((row) => this.queueOf(row) === queue),
          ),
        ),
      );
      // A worker that was faster has claimed a row by now, or waits for this lock; its claim takes the mark off again.
      await this.outbox.markDispatched(tx, due);
      return due.length;
    });
  }

  private queueOf(row: Row): AnyQueueName {
    return this.outbox.addressOf(row).queue;
  }

  private async add(queue: AnyQueueName, rows: Row[]): Promise<void> {
    const jobs = rows.map((row) => {
      const { name, data } = this.outbox.addressOf(row);
      return { name, data, opts: { jobId: queueIdOf(row), removeOnComplete: true, removeOnFail: true } };
    });
    await this.connections.ask(() => this.queues[queue].addBulk(jobs));
  }
}

/** A new one each time the row begins to wait; BullMQ ignores an id that it still knows. */
const queueIdOf = ({ id, dispatch }: Waiting) => `${id}.${dispatch}`;
