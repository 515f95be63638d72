import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { EntityKind } from '../domain/kinds.js';

/** What is counted within so many seconds is one row. */
export const STEP_SECONDS = 300;
/** Longest time that can be asked for, hours. */
export const MOST_HOURS = 168;

/** SQL: the beginning of the step that a time is in, or of a longer one. */
export const stepOf = (time: string, seconds = String(STEP_SECONDS)) =>
  `date_bin(make_interval(secs => ${seconds}), ${time}, 'epoch')`;

/** What happened in one step of time. */
export interface Happened {
  at: Date;
  accepted: number;
  done: number;
  failed: number;
  cancelled: number;
  expired: number;
  input_tokens: number;
  output_tokens: number;
}

/** SQL: what a counter gained, where its labels contain these. */
const gained = (name: string, labels: string) =>
  `COALESCE(sum(gain.value) FILTER (WHERE gain.name = '${name}' AND gain.labels @> '${labels}'), 0)`;
const finished = (status: string) => gained('jobs_finished_total', JSON.stringify({ status }));
const tokens = (direction: string) => gained('model_tokens_total', JSON.stringify({ direction }));

/**
 * What happened in the last hours, from what all processes counted. It does not read jobs: so it costs the same with a
 * million of them, and a failure stays in it after a retry.
 */
@Injectable()
export class Activity {
  constructor(private readonly db: DataSource) {}

  /**
   * @param stepSeconds a multiple of {@link STEP_SECONDS}
   * @returns every step, the empty ones too, the oldest first; the last one is not over yet
   */
  async of(hours: number, stepSeconds: number, entity: EntityKind | null): Promise<Happened[]> {
    return sql<Happened>(
      this.db,
      `SELECT step.at, ${gained('jobs_accepted_total', '{}')} AS accepted, ${finished('DONE')} AS done,
         ${finished('FAILED')} AS failed, ${finished('CANCELLED')} AS cancelled, ${finished('EXPIRED')} AS expired,
         ${tokens('input')} AS input_tokens, ${tokens('output')} AS output_tokens
       FROM generate_series(${stepOf('now() - make_interval(hours => $1)', '$2')} + make_interval(secs => $2),
         now(), make_interval(secs => $2)) AS step (at)
       LEFT JOIN counter_gains AS gain ON gain.at >= step.at AND gain.at < step.at + make_interval(secs => $2)
         AND ($3::text IS NULL OR gain.labels ->> 'entity' = $3)
       GROUP BY step.at ORDER BY step.at`,
      [hours, stepSeconds, entity],
    );
  }
}

/** SQL that forgets what nobody can ask for any more. */
export const FORGET_OLD = `DELETE FROM counter_gains WHERE at < now() - interval '${MOST_HOURS + 2} hours'`;
