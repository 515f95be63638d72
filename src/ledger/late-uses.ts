import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { JobUsage } from '../domain/usage.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';
import { ADDED, USES_OF } from './uses.js';

/**
 * Completes the entry that a cancellation or the sweep has closed. An entry that tells its calls was completed before:
 * so nothing is added twice, not even by a statement that is sent again.
 */
const NOTE = `WITH late AS MATERIALIZED (
    SELECT job.id, (place - 1)::int AS place, (claim - 'model') || $4::jsonb AS entry
    FROM generation_jobs AS job CROSS JOIN LATERAL
      jsonb_array_elements(job.history) WITH ORDINALITY AS one (claim, place)
    WHERE job.id = $1 AND claim ->> 'started_at' = $2 AND claim ->> 'worker' = $3
      AND claim ->> 'outcome' IN ('CRASHED', 'CANCELLED')
    FOR NO KEY UPDATE OF job),
  noted AS (UPDATE generation_jobs AS job SET revision = revision + 1,
      history = jsonb_set(history, ARRAY[late.place::text], late.entry), usage = ${ADDED('job.usage', 'late.entry')}
    FROM late WHERE job.id = late.id AND NOT history -> late.place ? 'calls' RETURNING job.*, late.entry),
  used AS (${USES_OF('noted')})
  SELECT * FROM noted`;

/** What calls used whose try was taken from its worker meanwhile: the job was cancelled, or the lease had ended. */
@Injectable()
export class LateUses {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
  ) {}

  /** May be called twice. */
  async note(job: GenerationJob, used: JobUsage): Promise<void> {
    const { started_at, worker } = job.history.at(-1)!;
    const parameters = [job.id, started_at, worker, JSON.stringify(used)];
    const [noted] = await sql<GenerationJob>(this.db, NOTE, parameters);
    if (noted) await this.jobs.changed(noted);
  }
}
