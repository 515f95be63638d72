import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import { QUEUE_OF_ROW, type QueueName } from '../domain/queues.js';

/** In a claim's WHERE: it waits, its time has come, and its deadline has not, or no longer counts, since it was started before. */
export const DUE = `status = 'PENDING' AND run_at <= now() AND (started_at IS NOT NULL OR deadline_at IS NULL OR deadline_at > now())`;

/** The same: nobody asked for a pause, or it is over. */
export const NOT_THROTTLED = `NOT EXISTS (SELECT 1 FROM throttles WHERE name = 'model' AND until > now())`;

/** What keeps a due job from being claimed; both empty: nothing any more, it can be claimed. */
export interface Hold {
  /** The job's queue, while an operator has it paused. */
  paused: QueueName | null;
  /** How long the model's service wants to be left alone, milliseconds; 0: it does not. */
  throttledMs: number;
}

/** The pause a model's service asked for. It holds for all jobs of all workers, by the database's clock. */
@Injectable()
export class Throttle {
  constructor(private readonly db: DataSource) {}

  /** Never shortens a pause that is longer already. */
  async pause(milliseconds: number): Promise<void> {
    await sql(
      this.db,
      `INSERT INTO throttles (name, until, wait_seconds) VALUES ('model', now() + make_interval(secs => $1), $1)
       ON CONFLICT (name) DO UPDATE SET until = GREATEST(throttles.until, EXCLUDED.until),
         wait_seconds = CASE WHEN throttles.until > EXCLUDED.until THEN throttles.wait_seconds ELSE EXCLUDED.wait_seconds END,
         since = CASE WHEN throttles.until > now() THEN throttles.since ELSE now() END`,
      [milliseconds / 1000],
    );
  }

  /** Why a job was not to be had; `null`: it is not due, or not pending, or too late for its deadline. */
  async holdOn(jobId: string): Promise<Hold | null> {
    const [row] = await sql<{ paused: QueueName | null; left: string | null }>(
      this.db,
      `SELECT (SELECT queue FROM queue_pauses WHERE queue = ${QUEUE_OF_ROW}) AS paused,
         (SELECT EXTRACT(EPOCH FROM until - now()) * 1000 FROM throttles WHERE name = 'model' AND until > now()) AS left
       FROM generation_jobs WHERE id = $1 AND ${DUE}`,
      [jobId],
    );
    return row ? { paused: row.paused, throttledMs: Math.ceil(Number(row.left ?? 0)) } : null;
  }
}
