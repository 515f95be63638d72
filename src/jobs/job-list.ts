import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';
import { ACTIVE } from './submit.js';
import { ENTITIES, type EntityKind, type JobStatus } from './vocabulary.js';

/** Which jobs are meant; what is missing does not narrow. */
export interface JobsFilter {
  status?: JobStatus;
  entity?: EntityKind;
  /** Of the request or of the result. */
  slug?: string;
  /** The key that made them; `null`: whoever did. */
  owner: string | null;
}

/** Where the filter's parameters stand; `$5` is the last id of the page before. */
const WANTED = `($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR entity = $3) AND ($4::uuid IS NULL OR api_key_id = $4)
  AND ($5::uuid IS NULL OR id < $5)`;
const NEWEST = 'ORDER BY id DESC LIMIT $1';

/**
 * Walks along the indexes by slug (finished jobs, active ones, results) instead of an OR, which would have to find all jobs
 * of the slug and sort them. A statement is planned with its parameters, so what does not narrow costs nothing.
 */
const BY_SLUG = `SELECT * FROM generation_jobs WHERE id IN (
  (SELECT id FROM generation_jobs WHERE requested_slug = $6 AND finished_at IS NOT NULL AND ${WANTED} ${NEWEST})
  UNION (SELECT id FROM generation_jobs WHERE entity IN (${ENTITIES.map((entity) => `'${entity}'`).join(', ')})
    AND requested_slug = $6 AND ${ACTIVE} AND ${WANTED})
  UNION (SELECT id FROM generation_jobs WHERE slug = $6 AND ${WANTED} ${NEWEST})) ${NEWEST}`;
const ALL = `SELECT * FROM generation_jobs WHERE ${WANTED} ${NEWEST}`;

/** Lists of jobs, newest first: their ids are UUIDv7. */
@Injectable()
export class JobList {
  constructor(private readonly db: DataSource) {}

  /** @param after id of the last job of the page before */
  page({ status, entity, slug, owner }: JobsFilter, limit: number, after: string | null): Promise<GenerationJob[]> {
    const parameters = [limit, status ?? null, entity ?? null, owner, after];
    return slug === undefined
      ? sql<GenerationJob>(this.db, ALL, parameters)
      : sql<GenerationJob>(this.db, BY_SLUG, [...parameters, slug]);
  }
}
