import pg from 'pg';
import { poolingOf } from './pooling.js';
import { isForgotten, Prepared } from './prepared.js';
import { IDLE, WritableClient } from './writable-client.js';

export interface SessionConfig extends pg.ClientConfig {
  /** Settings added to {@link SESSION}; they win over it. */
  session?: Record<string, string>;
  /** A connection without an answer for this long is dead, milliseconds. Not set: statements may take any time. */
  silenceMs?: number;
  /** `false`: it prepares nothing. For lists and searches, whose values decide on the plan. */
  prepares?: boolean;
}

/**
 * What our statements rely on, whatever the defaults of the server, the database and the role. These settings are sent
 * with the start of a connection. PgBouncer accepts them, and keeps them for each client in every mode.
 */
const AT_THE_START = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

/** These are set by a statement, because PgBouncer would refuse them at the start. Unknown names are skipped. */
export const SESSION = {
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  row_security: 'on',
  default_transaction_isolation: 'read committed',
  lock_timeout: '0',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  statement_timeout: '10000',
  idle_in_transaction_session_timeout: '10000',
};

/**
 * Without these it works as well, only slower. Our statements touch few rows, but the planner expects more of a list of
 * unknown length. With jit it then compiles for 150 ms what runs for one.
 */
const FASTER = { jit: 'off' };

/** Of this process. */
const PREPARED = new Prepared();
/**
 * A plan is not used for longer than this, milliseconds. The plan for a small table would stay otherwise until the next
 * ANALYZE, while the table grows.
 */
const PLANS_LAST_MS = 60_000;

/** For work that may take long, such as a migration. */
export const UNHURRIED = { statement_timeout: '0', idle_in_transaction_session_timeout: '0' };

/** Longest wait for the statement that begins a session, milliseconds. */
const BEGIN_WITHIN_MS = 5000;
/** A pooler gives its clients process numbers of its own. Then only the memory of `pooling.ts` says what is kept. */
const BEGIN = `SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
  WHERE current_setting(name, true) IS NOT NULL AND ($3 OR pg_backend_pid() = $4)`;

/** After this idle time the system probes the connection, once a second, ten times. Milliseconds. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** How node-postgres builds the message that starts a connection. */
interface Starting {
  getStartupConf: () => Record<string, string>;
}

interface Wire extends NodeJS.EventEmitter {
  /** What this session has prepared, by name. */
  parsedStatements: Record<string, string>;
  stream: { cork: () => void; uncork: () => void; destroy: (error: Error) => void };
}

/**
 * Every connection of this program to PostgreSQL.
 *
 * - It does not rely on the defaults of the session. Settings of DATABASE_URL, with its `options`, are kept.
 * - A connection that dies silently ends itself at the first statement without an answer. Otherwise, after a failover,
 *   it would stay in its pool, and one request after the other would wait for it in vain.
 * - It prepares what is asked often (`prepared.ts`). Not behind a pooler, where the next statement may go to a server
 *   process that does not know the name.
 */
export class SessionClient extends WritableClient {
  private readonly settings: Record<string, string>;
  private readonly silenceMs: number;
  protected readonly wire: Wire;
  private readonly mayKeep: boolean;
  private readonly prepares: boolean;
  private unanswered = 0;
  private patience: NodeJS.Timeout | undefined;
  private plansSince = 0;
  /** No transaction is open. */
  private isIdle = false;

  constructor(config: SessionConfig = {}) {
    super({ ...config, keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS });
    this.settings = { ...SESSION, ...FASTER, ...config.session };
    this.silenceMs = config.silenceMs ?? 0;
    this.mayKeep = poolingOf(config.connectionString) === 'session';
    this.prepares = this.mayKeep && config.prepares !== false;
    this.wire = (this as unknown as { connection: Wire }).connection;
    this.wire.on('readyForQuery', ({ status }: { status: string }) => this.answered(status));
    this.wire.on('end', () => clearTimeout(this.patience));
  }

  /** Called by node-postgres. */
  getStartupConf(): Record<string, string> {
    const { getStartupConf } = pg.Client.prototype as unknown as Starting;
    return { ...getStartupConf.call(this), ...AT_THE_START };
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | void {
    if (!callback) return this.begin();
    // pg-pool calls it this way. Its own failures are not handled here.
    this.begin().then(
      () => process.nextTick(callback, null),
      (error: unknown) => process.nextTick(callback, error),
    );
  }

  override query = ((...statement: unknown[]): unknown => {
    const [text, values, callback] = statement;
    const name = this.prepares && Array.isArray(values) ? this.nameOf(text) : undefined;
    if (!name) return this.send(withoutName(text), ...statement.slice(1));
    const answer = this.prepared(name, text as string, values as unknown[]);
    if (typeof callback !== 'function') return answer;
    const tell = callback as (error: unknown, answer?: unknown) => void;
    answer.then(
      (result) => process.nextTick(tell, null, result),
      (error: unknown) => process.nextTick(tell, error),
    );
    return undefined;
  }) as pg.Client['query'];

  /** In a transaction, which has failed now, all of it has to be run again: `isTransient` of sql.ts says so. */
  private async prepared(name: string, text: string, values: unknown[]): Promise<unknown> {
    const { isAlone } = this;
    try {
      return await this.send({ name, text }, values);
    } catch (error) {
      if (!isForgotten(error)) throw error;
      PREPARED.forget();
      if (!isAlone) throw error;
      return this.send(text, values);
    }
  }

  /** What is asked now is part of no transaction. */
  protected get isAlone(): boolean {
    return this.isIdle;
  }

  protected send(...statement: unknown[]): unknown {
    return this.sendNow(...statement);
  }

  private sendNow(...statement: unknown[]): unknown {
    this.asked();
    return (super.query as (...statement: unknown[]) => unknown).apply(this, statement);
  }

  private nameOf(text: unknown): string | undefined {
    const name = typeof text === 'string' ? PREPARED.nameOf(text) : undefined;
    if (!name) return undefined;
    const now = performance.now();
    if (now - this.plansSince > PLANS_LAST_MS) {
      if (this.plansSince > 0) void (this.sendNow('DISCARD PLANS') as Promise<unknown>).catch(() => undefined);
      this.plansSince = now;
    }
    return name;
  }

  private async begin(): Promise<pg.Client> {
    await super.connect();
    const { processID } = this as unknown as { processID: number };
    const values = [Object.keys(this.settings), Object.values(this.settings), this.mayKeep, processID];
    try {
      await this.query({ text: BEGIN, values, query_timeout: BEGIN_WITHIN_MS } as pg.QueryConfig);
    } catch (error) {
      this.wire.stream.destroy(error as Error);
      throw error;
    }
    return this;
  }

  private asked(): void {
    this.unanswered++;
    if (this.silenceMs > 0) this.patience ??= this.wait();
  }

  private answered(status: string): void {
    this.isIdle = status === IDLE;
    clearTimeout(this.patience);
    this.patience = undefined;
    this.unanswered = Math.max(0, this.unanswered - 1);
    if (this.unanswered > 0 && this.silenceMs > 0) this.patience = this.wait();
  }

  private wait(): NodeJS.Timeout {
    return setTimeout(() => this.giveUp(), this.silenceMs).unref();
  }

  /** Fails the waiting statements, and tells the pool not to use the connection again. */
  private giveUp(): void {
    this.wire.stream.destroy(new Error('Query read timeout'));
  }
}

function withoutName(statement: unknown): unknown {
  if (typeof statement !== 'object' || statement === null || !('name' in statement) || 'submit' in statement) {
    return statement;
  }
  return { ...statement, name: undefined };
}
