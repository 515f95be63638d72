import { Logger } from '@nestjs/common';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { poolingOf } from '../database/pooling.js';
import { SessionClient } from '../database/session-client.js';
import type { Loop } from '../timing/loop.js';
import { type Change, CHANNEL, decode } from './change-announcer.js';

/** Pause before the next connection, milliseconds; doubles from the first number up to the second. */
const PAUSE_MS = [100, 5000] as const;
/** How often the connection is probed, and how long a probe may take, milliseconds. */
const PROBE_EVERY_MS = 10_000;
const PATIENCE_MS = 5000;
/** Longest time between two proofs that the connection lives, milliseconds. */
export const HEARD_EVERY_MS = PROBE_EVERY_MS + PATIENCE_MS;

interface ChangeHandlers {
  changes: (changes: Change[]) => void;
  /**
   * `true`: there is a new connection, and earlier announcements may have been missed. `false`: the connection is gone.
   */
  connected: (yes: boolean) => void;
}

/**
 * The one connection of a process that listens to {@link CHANNEL}. A lost connection is opened again, with growing
 * pauses. It only makes news faster: nothing depends on it.
 */
export class ChangeListener {
  private readonly logger = new Logger('Changes');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private client: pg.Client | null = null;

  constructor(
    private readonly url: string,
    private readonly handlers: ChangeHandlers,
    private readonly loop: Loop,
  ) {}

  /** Behind a pooler that keeps no sessions it does not start. */
  start(): void {
    if (poolingOf(this.url) !== 'transaction') this.running = this.rounds();
    else this.logger.warn({ msg: 'a pooler in transaction mode: waiting clients are served by polls, once a second' });
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    if (this.client) hangUp(this.client);
    await this.running;
  }

  private async rounds(): Promise<void> {
    for (let pause: number = PAUSE_MS[0]; !this.stopped.signal.aborted; pause = Math.min(pause * 2, PAUSE_MS[1])) {
      try {
        await this.listen(() => (pause = PAUSE_MS[0]));
        this.loop.refused(new Error('the connection that listens was closed'));
      } catch (error) {
        this.loop.refused(error);
        this.logger.debug({ msg: 'cannot listen to changes', reason: (error as Error).message });
      }
      if (this.stopped.signal.aborted) return;
      if (pause === PAUSE_MS[0])
        this.logger.warn({ msg: 'not listening to changes; waiting clients are served by polls' });
      await sleep(pause, undefined, { signal: this.stopped.signal }).catch(() => undefined);
    }
  }

  /** Runs until the connection ends. */
  private async listen(connected: () => void): Promise<void> {
    const client = new SessionClient({
      connectionString: this.url,
      application_name: 'moviemind-listen',
      connectionTimeoutMillis: PATIENCE_MS,
      silenceMs: PATIENCE_MS,
    });
    this.client = client;
    const ended = new Promise<void>((done) => client.once('end', () => done()));
    client.on('notification', ({ payload }) => this.handlers.changes(decode(payload ?? '')));
    const probe = setInterval(() => void this.probe(client), PROBE_EVERY_MS);
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      connected();
      this.loop.succeeded();
      this.handlers.connected(true);
      await ended;
    } finally {
      clearInterval(probe);
      this.handlers.connected(false);
      hangUp(client);
    }
  }

  private async probe(client: pg.Client): Promise<void> {
    await client.query('SELECT 1').then(
      () => this.loop.succeeded(),
      () => hangUp(client),
    );
  }
}

/** Closes at once: an orderly end could take for ever on a connection that is half open. */
function hangUp(client: pg.Client): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
}
