import pg from 'pg';
import { CONNECTION } from './connection.js';
import type { Session } from './sql.js';

interface Bounds {
  /** Connections. */
  size: number;
  /** Questions that wait for one of them; one more is refused. */
  waiting: number;
  /** How long they wait, milliseconds. */
  patienceMs: number;
  /** Longest statement, milliseconds. */
  statementMs: number;
}

/** One question is one core's work at most: the others are for those who accept and run jobs. */
const BEGIN = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off`;
/** A session to what is a standby by now ends some time, though it could be read from for ever. */
const LIFETIME_SECONDS = 60;
/** What pg says when a question has waited long enough. */
const WAITED = /timeout exceeded when trying to connect/;

/** More questions wait than there is room for. */
export class TooManyQuestions extends Error {}

/**
 * Connections for questions only, apart from those that jobs are accepted and worked on with: however many ask, and
 * whatever their questions cost, those wait for none of it. Opened when they are needed, and closed when they are
 * not.
 */
export class QuestionPool {
  private readonly pool: pg.Pool;

  constructor(
    url: string,
    private readonly bounds: Bounds,
  ) {
    this.pool = new pg.Pool({
      ...CONNECTION,
      connectionString: url,
      max: bounds.size,
      connectionTimeoutMillis: bounds.patienceMs,
      silenceMs: bounds.statementMs + 1000,
      maxLifetimeSeconds: LIFETIME_SECONDS,
    } as pg.PoolConfig);
    this.pool.on('error', () => undefined); // an idle connection was lost; the next question opens another
  }

  /**
   * Runs `ask` in one read-only transaction, all of whose statements see the same state.
   * @throws TooManyQuestions when too many wait
   */
  async read<T>(ask: (db: Session) => Promise<T>): Promise<T> {
    const client = await this.connected();
    try {
      await client.query(`${BEGIN}; SET LOCAL statement_timeout = ${this.bounds.statementMs}`);
      return await ask({ query: async (text, values) => (await client.query(text, values)).rows as unknown });
    } finally {
      await client.query('ROLLBACK').then(
        () => client.release(),
        () => client.release(true),
      );
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  private async connected(): Promise<pg.PoolClient> {
    if (this.pool.waitingCount >= this.bounds.waiting) throw new TooManyQuestions();
    const full = this.pool.totalCount >= this.bounds.size;
    return this.pool.connect().catch((error: Error) => {
      throw full && WAITED.test(error.message) ? new TooManyQuestions() : error;
    });
  }
}
