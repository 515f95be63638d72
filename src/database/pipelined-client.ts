import type pg from 'pg';
import { askPreceded } from './preceded.js';
import { SessionClient, type SessionConfig } from './session-client.js';

/** As TypeORM begins a transaction. */
const START = 'START TRANSACTION';
const OPENED = { command: 'START', rowCount: null, rows: [] };

/**
 * A connection that waits for PostgreSQL as seldom as it can. A packet costs each side a tenth of a millisecond, and a
 * wait more than that.
 *
 * - What is asked at once (`together` of transaction.ts) travels together. PostgreSQL does it in that order, one after
 *   the other, each with a snapshot of its own.
 * - A transaction begins with its first statement.
 */
export class PipelinedClient extends SessionClient {
  /** The transaction begins with the next statement. */
  private isOpening = false;
  private isOpen = false;
  /** What is asked is gathered until the end of this turn of the event loop. */
  private gathers = false;

  constructor(config: SessionConfig = {}) {
    super({ ...config, pipeline: true });
  }

  protected override get isAlone(): boolean {
    return super.isAlone && !this.isOpen;
  }

  protected override send(...statement: unknown[]): unknown {
    const [text, values] = statement;
    if (text === START) {
      this.isOpening = this.isOpen = true;
      return Promise.resolve(OPENED);
    }
    const ends = text === 'COMMIT' || text === 'ROLLBACK';
    if (ends) this.isOpen = false;
    this.gather();
    if (!this.isOpening) return super.send(...statement);
    this.isOpening = false;
    if (ends) return Promise.resolve({ ...OPENED, command: text });
    const known = (values ?? []) as unknown[];
    if (typeof text === 'string' && known.length === 0) return this.sendOpening(text);
    return askPreceded((query) => super.send(query), START, text as string | pg.QueryConfig, known);
  }

  /** Text without values may be several statements. */
  private async sendOpening(text: string): Promise<unknown> {
    const [, ...answers] = (await super.send(`${START}; ${text}`)) as unknown[];
    return answers.length > 1 ? answers : answers[0];
  }

  private gather(): void {
    if (this.gathers) return;
    this.gathers = true;
    const { stream } = this.wire;
    stream.cork();
    process.nextTick(() => {
      this.gathers = false;
      stream.uncork();
    });
  }
}
