import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { JobUsage } from '../domain/usage.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobsService } from './jobs.service.js';
import { ADDED, NOT_TOLD, USES_OF } from './uses.js';

const ENTRY = 'job.history -> (place - 1)::int';

/** While the try runs, the entry keeps the name of the model that was asked. */
const NOTE = `WITH told AS MATERIALIZED (
    SELECT job.id, (place - 1)::int AS place, ${NOT_TOLD('$4::jsonb', ENTRY)} AS rest
    FROM generation_jobs AS job CROSS JOIN LATERAL
      jsonb_array_elements(job.history) WITH ORDINALITY AS one (claim, place)
    WHERE job.id = $1 AND claim ->> 'started_at' = $2 AND claim ->> 'worker' = $3
    FOR NO KEY UPDATE OF job),
  noted AS (UPDATE generation_jobs AS job SET revision = revision + 1,
      history = jsonb_set(history, ARRAY[place::text], (history -> place)
        || CASE WHEN history -> place ? 'outcome' THEN $4::jsonb ELSE $4::jsonb - 'model' END),
      usage = ${ADDED('job.usage', 'rest')}
    FROM told WHERE job.id = told.id AND rest IS NOT NULL RETURNING job.*, rest),
  used AS (${USES_OF('noted')})
  SELECT * FROM noted`;

/**
 * Writes down what the calls of a try have used, where its settlement does not. It does so before a further call: a
 * worker that is killed loses one call at most. And it does so when a cancellation, or the end of its lease, has taken
 * the job from the worker.
 */
@Injectable()
export class UseNotes {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
  ) {}

  /** May be called twice. @param used by all calls of the try until now */
  async note(job: GenerationJob, used: JobUsage): Promise<void> {
    const { started_at, worker } = job.history.at(-1)!;
    const parameters = [job.id, started_at, worker, JSON.stringify(used)];
    const [noted] = await sql<GenerationJob>(this.db, NOTE, parameters);
    if (noted) await this.jobs.changed(noted);
  }
}
