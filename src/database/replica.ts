import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Loop, reasonOf } from '../timing/loop.js';
import { Rounds } from '../timing/rounds.js';
import { Batched } from './batched.js';
import { CONNECTION } from './connection.js';
import { SYSTEM, whyForeign } from './direct.js';
import { Lag, type LogPlace, orderOf } from './log-place.js';
import { QuestionPool } from './question-pool.js';
import type { Session } from './sql.js';

/** How often the replica is looked at, and how long that may take, milliseconds. */
export const LOOK_EVERY_MS = 1000;
const LOOK_WITHIN_MS = 1500;
/** A replica that is further behind is not asked, seconds: reads would wait in vain. */
export const BEHIND_SECONDS = 1;
/** A read waits for so long until the replica has what the primary had, then it goes to the primary. Milliseconds. */
const WAIT_MS = 100;
const STEP_MS = 5;
/** Most reads that share one question for the primary's place. */
const MOST = 500;

/** The replica lacks something that the primary had when the read came. */
export class BehindError extends Error {}

interface Primary {
  place: LogPlace;
  system: string | null;
  database: string;
}
interface Standby extends Primary {
  is_standby: boolean;
}

const ON_PRIMARY = `SELECT pg_current_wal_flush_lsn()::text AS place, ${SYSTEM} AS system,
  current_database() AS database`;
/** One that was never a standby has replayed nothing. */
const ON_REPLICA = `SELECT COALESCE(pg_last_wal_replay_lsn(), '0/0')::text AS place, ${SYSTEM} AS system,
  current_database() AS database, pg_is_in_recovery() AS is_standby`;

/** How the replica is, by the eyes of this process. */
export interface ReplicaState {
  /** Whether it is asked now. */
  isFit: boolean;
  /** `null`: not known. */
  lagSeconds: number | null;
  /** Why it is not asked; `null`: it is. */
  reason: string | null;
}

/**
 * A standby for reads. No read is answered from a state that is older than the read:
 * 1. The primary is asked how far its log is on disk. Reads that come together share that question.
 * 2. The replica has to have replayed as much, before the read's snapshot is taken.
 *
 * What somebody was told before, that a job is done or a film changed, was committed before. So it is in there.
 */
export class Replica {
  private readonly pool: QuestionPool;
  private readonly eyes: { primary: pg.Pool; replica: pg.Pool };
  private readonly places: Batched<null, LogPlace>;
  private readonly watch: Rounds;
  private readonly lag = new Lag();
  private state = unfit('it was not looked at yet');
  private system: string | null = null;

  constructor(urls: { primary: string; replica: string }, size: number, loop: Loop) {
    this.pool = new QuestionPool(urls.replica, { size, waiting: 500, patienceMs: 2000, statementMs: 3000 });
    this.eyes = { primary: eyeOn(urls.primary), replica: eyeOn(urls.replica) };
    this.places = new Batched(
      async (all) => {
        const { place } = await this.primary();
        orderOf(place); // it becomes part of a statement
        return all.map(() => place);
      },
      1,
      MOST,
    );
    this.watch = new Rounds(
      () => this.look().then(() => loop.succeeded()),
      () => LOOK_EVERY_MS,
    );
  }

  start(): void {
    this.watch.start(() => this.look());
  }

  get report(): ReplicaState {
    return this.state;
  }

  /** @throws BehindError, or the error of the one or the other server; then it is not asked until it was looked at */
  async read<T>(ask: (db: Session) => Promise<T>): Promise<T> {
    const place = await this.places.ask(null);
    return this.pool.read(ask, (client, begin) => this.beginAfter(place, client, begin));
  }

  /** A read has failed there. */
  doubt(error: unknown): void {
    this.state = { ...this.state, isFit: false, reason: reasonOf(error) };
  }

  async close(): Promise<void> {
    const { primary, replica } = this.eyes;
    await Promise.all([this.watch.stop(), this.pool.close(), primary.end(), replica.end()]);
  }

  /**
   * One round trip for a replica that is not behind. The place is asked for in a transaction of its own, because the
   * transaction of the read has its snapshot with its first statement.
   */
  private async beginAfter(place: LogPlace, client: pg.PoolClient, begin: string): Promise<void> {
    const isOurs = this.system === null ? '' : `AND COALESCE(${SYSTEM} = '${this.system}', true)`;
    const isThere = `pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= '${place}'::pg_lsn ${isOurs}`;
    const statement = `BEGIN; SELECT ${isThere} AS fresh; COMMIT; ${begin}`;
    for (const until = performance.now() + WAIT_MS; ; await sleep(STEP_MS)) {
      const results = (await client.query(statement)) as unknown as pg.QueryResult<{ fresh: boolean }>[];
      if (results[1]!.rows[0]!.fresh) return;
      if (performance.now() > until) throw new BehindError();
      await client.query('ROLLBACK');
    }
  }

  private async primary(): Promise<Primary> {
    return (await this.eyes.primary.query<Primary>(ON_PRIMARY)).rows[0]!;
  }

  /** Never throws: whatever is wrong is part of the state. */
  private async look(): Promise<void> {
    const primary = await this.primary().catch(() => null);
    if (primary === null) return void (this.state = unfit('the primary does not answer'));
    try {
      const { rows } = await this.eyes.replica.query<Standby>(ON_REPLICA);
      this.state = this.judged(primary, rows[0]!);
    } catch (error) {
      this.state = unfit(reasonOf(error));
    }
  }

  private judged(primary: Primary, standby: Standby): ReplicaState {
    this.system = primary.system;
    const foreign = whyForeign(primary, standby);
    if (foreign) return unfit(foreign);
    if (!standby.is_standby) return unfit(NO_STANDBY);
    const lagSeconds = this.lag.seen(primary.place, standby.place, performance.now());
    const isFit = lagSeconds !== null && lagSeconds <= BEHIND_SECONDS;
    return { isFit, lagSeconds, reason: isFit ? null : BEHIND };
  }
}

/** Reasons that are no errors. */
const BEHIND = 'it is behind';
const NO_STANDBY = 'it is no standby: the primary itself, or promoted';

const unfit = (reason: string): ReplicaState => ({ isFit: false, lagSeconds: null, reason });

/** A connection to look by. It must not wait for those that read. */
function eyeOn(url: string): pg.Pool {
  const options = { ...CONNECTION, connectionString: url, max: 1, connectionTimeoutMillis: LOOK_WITHIN_MS };
  const pool = new pg.Pool({ ...options, silenceMs: LOOK_WITHIN_MS, maxLifetimeSeconds: 60 } as pg.PoolConfig);
  pool.on('error', () => undefined);
  return pool;
}
