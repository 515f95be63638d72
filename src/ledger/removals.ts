import { Injectable, Logger } from '@nestjs/common';
import { type Database, sql } from '../database/sql.js';
import type { EntityKind } from '../domain/kinds.js';
import { logFields } from './about-job.js';
import type { GenerationJob } from './generation-job.entity.js';
import { ACTIVE } from './insert.js';
import { CANCELLED, CANCELLED_AS, JobsService, wasRunning } from './jobs.service.js';

/** What requests call something that is to be removed. */
export interface KnownAs {
  slugs: string[];
  imdb: string | null;
  tmdb: number | null;
}

/** Jobs of what is removed: they end with it. */
@Injectable()
export class Removals {
  private readonly logger = new Logger('Jobs');

  constructor(private readonly jobs: JobsService) {}

  /** Active jobs that ask by one of these slugs or ids, locked in the order of their ids. */
  activeOf(tx: Database, entity: EntityKind, { slugs, imdb, tmdb }: KnownAs): Promise<GenerationJob[]> {
    return sql<GenerationJob>(
      tx,
      `SELECT * FROM generation_jobs WHERE entity = $1 AND ${ACTIVE} AND (requested_slug = ANY($2::text[])
         OR request ->> 'slug' = ANY($2::text[]) OR request -> 'external_ids' ->> 'imdb' = $3
         OR request -> 'external_ids' ->> 'tmdb' = $4::text) ORDER BY id FOR NO KEY UPDATE`,
      [entity, slugs, imdb, tmdb],
    );
  }

  /** Ends them for everybody who wants them. The caller publishes them. */
  async cancel(tx: Database, ids: string[]): Promise<GenerationJob[]> {
    if (ids.length === 0) return [];
    return sql<GenerationJob>(
      tx,
      `UPDATE generation_jobs SET ${CANCELLED} WHERE id = ANY($1::uuid[]) AND ${ACTIVE} RETURNING *`,
      [ids, CANCELLED_AS],
    );
  }

  /** Call it after the commit. */
  async published(jobs: GenerationJob[]): Promise<void> {
    for (const job of jobs) {
      this.logger.log({ msg: 'job cancelled', ...logFields(job), running: wasRunning(job) });
      await this.jobs.published(job);
    }
  }
}
