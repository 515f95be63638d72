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
 * - A transaction begins with its first statement. Others wait for the answer to that one: none of them can come to
 *   stand outside of the transaction.
 */
export class PipelinedClient extends SessionClient {
  /** The transaction begins with the next statement. */
  private isOpening = false;
  private isOpen = false;
  /** The answer to the first statement of the transaction; `null`: it is there. */
  private first: Promise<unknown> | null = null;
  /** What is asked is gathered until the end of this turn of the event loop. */
  private gathers = false;

  constructor(config: SessionConfig = {}) {
    super({ ...config, pipeline: true });
  }

  protected override get isAlone(): boolean {
    return super.isAlone && !this.isOpen;
  }

  protected override send(...statement: unknown[]): unknown {
    const [text] = statement;
    if (text === START) {
      this.isOpening = this.isOpen = true;
      return Promise.resolve(OPENED);
    }
    const ends = text === 'COMMIT' || text === 'ROLLBACK';
    if (ends) this.isOpen = false;
    if (this.isOpening) {
      this.isOpening = false;
      return ends ? Promise.resolve({ ...OPENED, command: text }) : this.open(statement);
    }
    if (this.first && !ends) return this.first.then(() => this.sendOn(statement));
    return this.sendOn(statement);
  }

  private open(statement: unknown[]): Promise<unknown> {
    const first = this.isPlain(statement)
      ? askPreceded((query) => this.sendOn([query]), START, ...statement)
      : (this.sendOn([START]) as Promise<unknown>).then(() => this.sendOn(statement));
    const isThere = () => {
      if (this.first === first) this.first = null;
    };
    this.first = first;
    first.then(isThere, isThere);
    return first;
  }

  /**
   * Whether the beginning can travel with it: one statement with values, and no answer by a callback. Of a statement
   * that is prepared with it node-postgres would take the first `ParseComplete`, which is that of the beginning.
   */
  private isPlain(statement: unknown[]): statement is [string | pg.QueryConfig, unknown[]] {
    const [text, values, ...more] = statement;
    if (more.length > 0 || !Array.isArray(values) || values.length === 0) return false;
    const { name } = text as { name?: string };
    return name === undefined ? typeof text === 'string' : name in this.wire.parsedStatements;
  }

  private sendOn(statement: unknown[]): unknown {
    this.gather();
    return super.send(...statement);
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
