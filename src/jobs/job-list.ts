import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';
import { HOLD } from './hold.js';
import type { EntityKind, JobStatus } from './vocabulary.js';

/** Which jobs are meant; what is missing does not narrow. */
export interface JobsFilter {
  status?: JobStatus;
  entity?: EntityKind;
  /** Of the request or of the result. */
  slug?: string;
  /** The key that made or shares them (see visibility.ts); `null`: whoever did. */
  owner: string | null;
}

/** Lists of jobs, newest first: their ids are UUIDv7. */
@Injectable()
export class JobList {
  constructor(private readonly db: DataSource) {}

  /** @param after id of the last job of the page before */
  page(filter: JobsFilter, limit: number, after: string | null): Promise<GenerationJob[]> {
    const { statement, parameters } = listing(filter, limit, after);
    return sql<GenerationJob>(this.db, statement, parameters);
  }
}

/**
 * One walk along an index for each way to be meant, and the newest of what they found: an OR would have to find all such jobs
 * and sort them. A statement is planned with its parameters, so what does not narrow costs nothing.
 */
function listing({ status, entity, slug, owner }: JobsFilter, limit: number, after: string | null) {
  const parameters: unknown[] = [limit];
  const place = (value: unknown) => `$${parameters.push(value)}`;
  const wanted = `(${place(status ?? null)}::text IS NULL OR status = $2) AND (${place(entity ?? null)}::text IS NULL OR entity = $3)
    AND (${place(after)}::uuid IS NULL OR job.id < $4)`;
  const newest = 'ORDER BY job.id DESC LIMIT $1';
  const sources = owner === null ? ['generation_jobs AS job WHERE TRUE'] : sourcesOf(place(owner));
  const named = slug === undefined ? null : place(slug);
  const slugs = named === null ? ['TRUE'] : [`requested_slug = ${named}`, `slug = ${named}`];
  const walks = sources.flatMap((source) =>
    slugs.map((condition) => `(SELECT job.id FROM ${source} AND ${condition} AND ${wanted} ${newest})`),
  );
  return {
    statement: `SELECT job.*, ${HOLD} AS hold FROM generation_jobs AS job WHERE id IN (${walks.join(' UNION ')}) ${newest}`,
    parameters,
  };
}

/** Jobs that a key made, and those it shares. */
const sourcesOf = (key: string) => [
  `generation_jobs AS job WHERE job.api_key_id = ${key}`,
  `job_requesters AS r JOIN generation_jobs AS job ON job.id = r.job_id WHERE r.api_key_id = ${key}`,
];
