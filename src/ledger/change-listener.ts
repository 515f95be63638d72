import { Logger } from '@nestjs/common';
import type { Socket } from 'node:net';
import type pg from 'pg';
import { poolingOf } from '../database/pooling.js';
import { SessionClient } from '../database/session-client.js';
import { waitAfter } from '../timing/backoff.js';
import type { Loop } from '../timing/loop.js';
import { Rounds } from '../timing/rounds.js';
import { type Change, CHANNEL, decode } from './change-announcer.js';

/** Pauses before the next connection. */
const LOST = { firstMs: 100, longestMs: 5000 };
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
  /** A round lasts as long as its connection. */
  private readonly rounds = new Rounds(
    (signal) => this.round(signal),
    (failures) => waitAfter(Math.max(1, failures), LOST),
  );
  private client: pg.Client | null = null;
  private told = false;

  constructor(
    private readonly url: string,
    private readonly handlers: ChangeHandlers,
    private readonly loop: Loop,
  ) {}

  /** Behind a pooler that keeps no sessions it does not start. */
  start(): void {
    if (poolingOf(this.url) !== 'transaction') this.rounds.start((signal) => this.round(signal));
    else this.logger.warn({ msg: 'a pooler in transaction mode: waiting clients are served by polls, once a second' });
  }

  async stop(): Promise<void> {
    const stopped = this.rounds.stop();
    if (this.client) hangUp(this.client);
    await stopped;
  }

  private async round(signal: AbortSignal): Promise<void> {
    try {
      await this.listen();
      this.loop.refused(new Error('the connection that listens was closed'));
    } catch (error) {
      this.loop.refused(error);
      this.logger.debug({ msg: 'cannot listen to changes', reason: (error as Error).message });
      throw error;
    } finally {
      if (!this.told && !signal.aborted)
        this.logger.warn({ msg: 'not listening to changes; waiting clients are served by polls' });
      this.told = true;
    }
  }

  /** Runs until the connection ends. */
  private async listen(): Promise<void> {
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
      this.told = false;
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
