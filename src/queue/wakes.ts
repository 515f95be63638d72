import { EventEmitter } from 'node:events';
import type pg from 'pg';
import { type AnyQueueName, ALL_QUEUES } from '../domain/queues.js';
import { heardEveryMs, Listener } from '../database/listener.js';
import type { Loops } from '../timing/loops.js';
import { Rounds } from '../timing/rounds.js';

/** The channel of BullMQ; a notice is the name of a queue (bullmq 6.7.0). */
const CHANNEL = {
  name: 'bullmq_jobs',
  logger: 'Queue',
  what: 'the queue',
  otherwise: 'workers look for jobs twice a second',
};
/** How often workers look for jobs where nobody can listen, milliseconds. */
const POLL_MS = 500;
const POLL = `SELECT name FROM unnest($1::text[]) AS queue (name)
  WHERE EXISTS (SELECT 1 FROM job WHERE job.queue = name AND state = 'waiting')`;

/**
 * Wakes the workers of this process that wait for jobs, where their own connections to PostgreSQL keep no session. It
 * takes the place of the connections on which each of them would listen:
 * - by `listenUrl`, one connection listens for all of them;
 * - where that leads through a pooler in transaction mode too, one statement every half second asks for all of them.
 *
 * A notice that is lost costs 5 s: by then a worker looks by itself (drainDelay of BullMQ).
 */
export class Wakes {
  /** BullMQ waits on it for `notification`, as on a connection. */
  private readonly client = Object.assign(new EventEmitter().setMaxListeners(0), {
    query: () => Promise.resolve({ rows: [] }),
  });
  private listener: Listener | null = null;
  private polls: Rounds | null = null;

  constructor(
    private readonly listenUrl: string,
    private readonly pool: pg.Pool,
    private readonly loops: Loops,
  ) {}

  /** What a worker waits on. The first one has it begin; a process without workers listens to nothing. */
  begun(): EventEmitter {
    if (!this.listener) this.begin();
    return this.client;
  }

  async stop(): Promise<void> {
    await Promise.all([this.listener?.stop(), this.polls?.stop()]);
  }

  /** There may be work in this queue. */
  wake(queue: string): void {
    this.client.emit('notification', { channel: CHANNEL.name, payload: queue });
  }

  private begin(): void {
    const everyMs = heardEveryMs(this.listenUrl);
    const loop = this.loops.open('listen-to-queue', everyMs);
    const handlers = {
      notice: (queue: string) => this.wake(queue),
      connected: (yes: boolean) => {
        if (yes) for (const queue of ALL_QUEUES) this.wake(queue);
      },
    };
    this.listener = new Listener(this.listenUrl, CHANNEL, handlers, loop);
    this.listener.start();
    if (everyMs !== null) return;
    const poll = () => loop.run(() => this.poll());
    this.polls = new Rounds(poll, () => POLL_MS);
    this.polls.start();
  }

  private async poll(): Promise<void> {
    if (this.client.listenerCount('notification') === 0) return;
    const { rows } = await this.pool.query<{ name: AnyQueueName }>(POLL, [ALL_QUEUES]);
    for (const { name } of rows) this.wake(name);
  }
}
