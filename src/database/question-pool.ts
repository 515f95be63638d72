import pg from 'pg';
import { CONNECTION } from './connection.js';
import type { Session } from './sql.js';

interface Bounds {
  /** Number of connections. */
  size: number;
  /** Questions that may wait for a connection; one more is refused. */
  waiting: number;
  /** Longest wait for a connection, milliseconds. */
  patienceMs: number;
  /** Longest statement, milliseconds. */
  statementMs: number;
}

/** One question uses one core at most: the others are for accepting and running jobs. */
const BEGIN = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
  SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off`;
/** A session must end some time: its server may have become a standby, which could be read from for ever. */
const LIFETIME_SECONDS = 60;
/** The error of pg when a question has waited long enough. */
const WAITED = /timeout exceeded when trying to connect/;

/** Begins the transaction of a read with this statement. */
type Begin = (client: pg.PoolClient, statement: string) => Promise<unknown>;
const begun: Begin = (client, statement) => client.query(statement);

/** Too many questions wait already. */
export class TooManyQuestions extends Error {}

/**
 * Connections for reads only, apart from those for accepting and running jobs. So accepting and running never wait for
 * reads, however many and expensive these are. They are opened on demand and closed when idle.
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
      prepares: false,
      maxLifetimeSeconds: LIFETIME_SECONDS,
    } as pg.PoolConfig);
    this.pool.on('error', () => undefined); // an idle connection was lost; the next question opens another
  }

  /**
   * Runs `ask` in one read-only transaction, in which all statements see the same state.
   * @throws TooManyQuestions when too many wait
   */
  async read<T>(ask: (db: Session) => Promise<T>, begin = begun): Promise<T> {
    const client = await this.connected();
    try {
      await begin(client, `${BEGIN}; SET LOCAL statement_timeout = ${this.bounds.statementMs}`);
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
