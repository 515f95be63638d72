import { Injectable, Logger } from '@nestjs/common';
import { version } from 'moviemind-command/node.js';
import { hostname } from 'node:os';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '../config/config.js';
import { sql } from '../database/sql.js';
import type { Loop } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { settled, within } from '../timing/within.js';
import { ModelTrial } from './model-trial.js';
import type { AnyQueueName } from '../domain/queues.js';
import { FORGET_HELD } from '../ledger/held-models.js';
import { isBounded } from '../ledger/fleet-bounds.js';

/** How long a silent worker stays in the table, for operators who look into an incident. */
const FORGET_AFTER = '1 hour';
const LEAVE_WITHIN_MS = 1000;
/** A worker that was frozen, or whose PostgreSQL is just back, gets this time to write a heartbeat, milliseconds. */
const BEAT_WITHIN_MS = 500;
const SILENT_LEASES = 3;

/**
 * Tells the ledger that this process runs jobs, so that every other process knows. After each beat it counts as alive
 * for the time of a lease, and it beats three times in that time.
 */
@Injectable()
export class WorkerRegistry {
  /** As `generation_jobs.worker` has it. */
  readonly name = `${hostname()}:${process.pid}`;
  readonly id = uuidv7();
  private readonly logger = new Logger('Workers');
  private queues: AnyQueueName[] = [];
  /** When a heartbeat was written last, or the first one was due. */
  private beatAt = performance.now();
  private beating = false;
  private loop: Loop | null = null;

  constructor(
    private readonly db: DataSource,
    private readonly config: Config,
    private readonly loops: Loops,
    private readonly trial: ModelTrial,
  ) {}

  async enter(queues: AnyQueueName[]): Promise<void> {
    this.queues = queues;
    this.loop = this.loops.open('heartbeat', this.config.leaseMs / 3);
    await this.beat();
  }

  /** Never throws; a process that runs no jobs writes nothing. One statement, never two at a time. */
  async beat(): Promise<void> {
    if (this.queues.length === 0 || this.beating) return;
    this.beating = true;
    await this.loop!.run(() => this.write())
      .catch((error: Error) => this.logger.debug({ msg: 'heartbeat not written', reason: error.message }))
      .finally(() => (this.beating = false));
  }

  private async write(): Promise<void> {
    const [own] = await sql<{ wants_trial: boolean }>(
      this.db,
      `WITH forgotten AS (DELETE FROM workers WHERE expires_at < now() - interval '${FORGET_AFTER}' AND id <> $1),
           unasked AS (${FORGET_HELD('$9')})
         INSERT INTO workers (id, name, host, pid, queues, concurrency, expires_at, loops, model, models, bounded,
           daily_tokens, version)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8, array_to_string($9::text[], ', '), $9,
           $10, NULLIF($11::bigint, 0), $12)
         ON CONFLICT (id) DO UPDATE SET seen_at = now(), expires_at = EXCLUDED.expires_at, loops = EXCLUDED.loops
         RETURNING trial_asked_at IS NOT NULL AND trial IS NULL AS wants_trial`,
      [
        this.id,
        this.name,
        hostname(),
        process.pid,
        this.queues,
        this.config.workerConcurrency,
        this.config.leaseMs / 1000,
        JSON.stringify(this.loops.report()),
        this.config.models,
        isBounded(this.config),
        this.config.dailyTokens,
        version,
      ],
    );
    this.beatAt = performance.now();
    if (own?.wants_trial) void this.tryModel();
  }

  private async tryModel(): Promise<void> {
    await this.trial
      .answer(this.id)
      .catch((error: Error) => this.logger.debug({ msg: 'trial of the model not written', reason: error.message }));
  }

  /**
   * Whether it has written no heartbeat for three leases, and cannot write one now. Other processes have given it up
   * long before. It says nothing of the reason, which may be that PostgreSQL is away.
   */
  async isSilent(): Promise<boolean> {
    const silent = () => performance.now() - this.beatAt > this.config.leaseMs * SILENT_LEASES;
    if (this.queues.length === 0 || !silent()) return false;
    await settled(BEAT_WITHIN_MS, this.beat());
    return silent();
  }

  /** Called at the stop. If the database is away, the heartbeat expires a little later, with the same effect. */
  async leave(): Promise<void> {
    if (this.queues.length === 0) return;
    this.queues = [];
    const left = sql(this.db, 'DELETE FROM workers WHERE id = $1', [this.id]);
    await within(LEAVE_WITHIN_MS, left).catch(() => undefined);
  }
}
