import { Injectable, Logger } from '@nestjs/common';
import { version } from 'moviemind-command/node.js';
import { hostname } from 'node:os';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { poolingOf } from '../database/pooling.js';
import { HEALTH_CONNECTIONS } from '../database/pools.js';
import { isServed, LEAST_PROGRAM } from '../database/program-age.js';
import { sql, sqlRow } from '../database/sql.js';
import { QUEUE_CONNECTIONS } from '../queue/queue-connections.js';
import { aheadOf } from '../timing/clock.js';
import { settled } from '../timing/within.js';

/** How long a silent process stays in the table, for operators who look into an incident. */
const FORGET_AFTER = '1 hour';
const LEAVE_WITHIN_MS = 1000;
/** The one that listens to changes of jobs. */
const LISTENER = 1;
/** The one that asks the primary how far a replica must be. */
const OF_REPLICA = 1;

const BEAT = `WITH forgotten AS (
    DELETE FROM processes WHERE expires_at < now() - interval '${FORGET_AFTER}' AND id <> $1)
  INSERT INTO processes (id, host, pid, role, connections, clock_ahead, expires_at, version)
  VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8)
  ON CONFLICT (id) DO UPDATE SET seen_at = now(), expires_at = EXCLUDED.expires_at, clock_ahead = EXCLUDED.clock_ahead
  RETURNING extract(epoch FROM clock_timestamp())::float8 * 1000 AS now, ${LEAST_PROGRAM} AS least`;

/**
 * Most connections to PostgreSQL that a process of these settings opens. A pooler in transaction mode has its own count
 * of them: then only those past it are told, which listen.
 */
function connectionsOf({ poolSize, readPoolSize, queueConnection, databaseUrl, readUrl }: Config): number {
  const isOnDatabase = queueConnection === 'database';
  if (poolingOf(databaseUrl!) === 'transaction') return LISTENER + (isOnDatabase ? LISTENER : 0);
  const queue = isOnDatabase ? QUEUE_CONNECTIONS.producer + QUEUE_CONNECTIONS.worker : 0;
  return poolSize + readPoolSize + HEALTH_CONNECTIONS + LISTENER + queue + (readUrl ? OF_REPLICA : 0);
}

/**
 * Tells of a process, whatever its role, what it needs of PostgreSQL and what its clock says. Operators read it. It is
 * told in return when the tables do not serve its program any more.
 */
@Injectable()
export class ProcessBeat {
  private readonly id = uuidv7();
  private readonly logger = new Logger('Process');
  private ahead: number | null = null;
  private beating = false;
  private ending = false;

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
  ) {}

  /** Never throws. One statement, never two at a time; at the first beat a second tells of the clock. */
  async beat(): Promise<void> {
    if (this.beating) return;
    this.beating = true;
    const isFirst = this.ahead === null;
    await this.write()
      .then(() => (isFirst ? this.write() : undefined))
      .catch((error: Error) => this.logger.debug({ msg: 'beat not written', reason: error.message }))
      .finally(() => (this.beating = false));
  }

  private async write(): Promise<void> {
    const { role, leaseMs } = this.config;
    const host = hostname();
    const facts = [this.id, host, process.pid, role, connectionsOf(this.config), this.ahead, leaseMs / 1000, version];
    const before = Date.now();
    const { now, least } = await sqlRow<{ now: number; least: string | null }>(this.db, BEAT, facts);
    this.ahead = aheadOf(now, before, Date.now());
    if (!isServed(least)) this.end(least!);
  }

  /** What is taken away under a program would make it fail, or do harm. Whatever starts it again is told. */
  private end(least: string): void {
    if (this.ending) return;
    this.ending = true;
    this.logger.error({
      msg: 'shut out',
      reason: `the tables now serve ${least} or newer, this is ${version}: it ends`,
    });
    process.kill(process.pid, 'SIGTERM');
  }

  /** Called at the stop. If the database is away, the beat expires a little later. */
  async leave(): Promise<void> {
    await settled(LEAVE_WITHIN_MS, sql(this.db, 'DELETE FROM processes WHERE id = $1', [this.id]));
  }
}
