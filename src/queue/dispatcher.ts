import type { Queue } from 'bullmq';
import type { DataSource } from 'typeorm';
import type { AnyQueueName, Producers } from '../domain/queues.js';
import type { Loops } from '../timing/loops.js';
import type { Tracing } from '../tracing/tracing.js';
import { DispatchLoop, POLL_MS } from './dispatch-loop.js';
import type { Outbox, Waiting } from './outbox.js';
import { dispatchSpans } from './dispatch-spans.js';
import type { QueueConnections } from './queue-connections.js';

const BATCH = 500;
/** Most rows that are remembered as fresh. More are looked for. */
const MOST_FRESH = 10 * BATCH;

/**
 * Moves committed ids into the queue, after the answer, in batches. Every process has a dispatcher, and they share the
 * work:
 * 1. It locks due rows that no other dispatcher has locked.
 * 2. It adds their ids to the queue. Each dispatch has an id of its own there, so adding twice has no effect.
 * 3. It marks them dispatched and commits. If it dies before the commit, they stay due.
 *
 * The transaction spans the call to the queue on purpose; that call is limited to a second.
 *
 * Rows that this process has just committed it need not look for. It adds and marks them, without a transaction. What
 * goes wrong leaves them due, and the next look finds them.
 */
export class Dispatcher<Row extends Waiting = Waiting> {
  private readonly loop: DispatchLoop;
  private fresh: Row[] = [];
  private lookedAt = 0;
  /** Older rows may be due. They go first. */
  private mustLook = true;

  constructor(
    private readonly db: DataSource,
    private readonly outbox: Outbox<Row>,
    private readonly queues: Producers,
    private readonly connections: QueueConnections,
    loops: Loops,
    private readonly tracing: Tracing,
  ) {
    const loop = loops.open(outbox.loop, POLL_MS);
    this.loop = new DispatchLoop(outbox.name, () => this.dispatchBatch(), BATCH, loop);
  }

  start(): void {
    this.outbox.onDue((fresh) => {
      this.take(fresh);
      this.loop.wake();
    });
    this.loop.start();
  }

  /** Ends after the current batch. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** The state of a row in the queue. `active`: a worker has it, or had it; `unknown`: the queue does not know it. */
  stateOf(row: Row): Promise<string> {
    const queue = this.queues[this.queueOf(row)];
    return this.connections.ask(() => queue.getJobState(queueIdOf(row)));
  }

  private take(fresh?: Row[]): void {
    if (!fresh || this.fresh.length > MOST_FRESH) this.mustLook = true;
    else if (!this.mustLook) this.fresh.push(...fresh);
  }

  /** @returns how many were dispatched */
  private async dispatchBatch(): Promise<number> {
    const looks = this.mustLook || this.fresh.length === 0 || performance.now() - this.lookedAt > POLL_MS;
    try {
      if (!looks) return await this.dispatchFresh(this.fresh.splice(0, BATCH));
      this.fresh = [];
      this.mustLook = false;
      this.lookedAt = performance.now();
      const due = await this.dispatchDue();
      const handed = new Set(due.map(queueIdOf));
      this.fresh = this.fresh.filter((row) => !handed.has(queueIdOf(row)));
      this.mustLook ||= due.length === BATCH;
      return due.length;
    } catch (error) {
      this.mustLook = true;
      throw error;
    }
  }

  private dispatchDue(): Promise<Row[]> {
    return this.db.transaction(async (tx) => {
      const due = await this.outbox.lockDue(tx, BATCH);
      if (due.length === 0) return due;
      await this.handOver(due);
      // A faster worker may wait for these rows by now. Its claim removes the mark again.
      await this.outbox.markDispatched(tx, due);
      return due;
    });
  }

  private async dispatchFresh(fresh: Row[]): Promise<number> {
    await this.handOver(fresh);
    await this.outbox.markDispatched(this.db, fresh);
    return fresh.length;
  }

  private handOver(rows: Row[]): Promise<void> {
    return dispatchSpans(this.tracing, this.outbox, rows, () => this.addAll(rows));
  }

  private async addAll(due: Row[]): Promise<void> {
    const queues = new Set(due.map((row) => this.queueOf(row)));
    await Promise.all(
      [...queues].map((queue) =>
        this.add(
          queue,
          due.filter((row) => this.queueOf(row) === queue),
        ),
      ),
    );
  }

  private queueOf(row: Row): AnyQueueName {
    return this.outbox.addressOf(row).queue;
  }

  private async add(queue: AnyQueueName, rows: Row[]): Promise<void> {
    const jobs = rows.map((row) => {
      const { name, data } = this.outbox.addressOf(row);
      return { name, data, opts: { jobId: queueIdOf(row), removeOnComplete: true, removeOnFail: true } };
    });
    await this.connections.ask(() => this.addTo(this.queues[queue], jobs));
    this.connections.added(queue);
  }

  /** Some of them may be added when one fails: all are added again, with the same ids. */
  private async addTo(queue: Queue, jobs: Parameters<Queue['addBulk']>[0]): Promise<void> {
    if (jobs.length >= this.connections.bulkFrom) await queue.addBulk(jobs);
    else await Promise.all(jobs.map(({ name, data, opts }) => queue.add(name, data, opts)));
  }
}

/** New each time the row begins to wait: BullMQ ignores an id that it still knows. */
const queueIdOf = ({ id, dispatch }: Waiting) => `${id}.${dispatch}`;
