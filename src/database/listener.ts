import { Logger } from '@nestjs/common';
import type { Socket } from 'node:net';
import type pg from 'pg';
import { waitAfter } from '../timing/backoff.js';
import type { Loop } from '../timing/loop.js';
import { Rounds } from '../timing/rounds.js';
import { poolingOf } from './pooling.js';
import { SessionClient } from './session-client.js';

/** Pauses before the next connection. */
const LOST = { firstMs: 100, longestMs: 5000 };
/** How often the connection is probed, and how long a probe may take, milliseconds. */
const PROBE_EVERY_MS = 10_000;
const PATIENCE_MS = 5000;
/** Longest time between two proofs that the connection lives, milliseconds. */
const HEARD_EVERY_MS = PROBE_EVERY_MS + PATIENCE_MS;

interface Heard {
  notice: (payload: string) => void;
  /** `true`: there is a new connection, and earlier notices may have been missed. `false`: the connection is gone. */
  connected: (yes: boolean) => void;
}

interface Channel {
  name: string;
  /** For the log: the logger, what is told there, and what happens without a connection. */
  logger: string;
  what: string;
  otherwise: string;
}

/** Whether LISTEN is possible by this address: not behind a pooler that keeps no sessions. */
const canListen = (url: string): boolean => poolingOf(url) !== 'transaction';
/** For the loop of a listener at this address. Where there is none, a missing sign of life means nothing. */
export const heardEveryMs = (url: string): number | null => (canListen(url) ? HEARD_EVERY_MS : null);

/**
 * A connection of a process that listens to a channel. A lost connection is opened again, with growing pauses. It is
 * probed, because one that is half open would be silent for ever.
 */
export class Listener {
  private readonly logger: Logger;
  /** A round lasts as long as its connection. */
  private readonly rounds = new Rounds(
    (signal) => this.round(signal),
    (failures) => waitAfter(Math.max(1, failures), LOST),
  );
  private client: pg.Client | null = null;
  private told = false;

  constructor(
    private readonly url: string,
    private readonly channel: Channel,
    private readonly handlers: Heard,
    private readonly loop: Loop,
  ) {
    this.logger = new Logger(channel.logger);
  }

  /** Behind a pooler that keeps no sessions it does not start, and says so. */
  start(): void {
    if (canListen(this.url)) this.rounds.start((signal) => this.round(signal));
    else this.logger.warn({ msg: `a pooler in transaction mode: ${this.channel.otherwise}` });
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
      this.logger.debug({ msg: `cannot listen to ${this.channel.what}`, reason: (error as Error).message });
      throw error;
    } finally {
      if (!this.told && !signal.aborted)
        this.logger.warn({ msg: `not listening to ${this.channel.what}; ${this.channel.otherwise}` });
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
    client.on('notification', ({ payload }) => this.handlers.notice(payload ?? ''));
    const probe = setInterval(() => void this.probe(client), PROBE_EVERY_MS);
    try {
      await client.connect();
      await client.query(`LISTEN ${this.channel.name}`);
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
