import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { Injectable } from '@nestjs/common';
import { Reads } from '../database/pools.js';
import { sql } from '../database/sql.js';
import type { GenerationJob } from './generation-job.entity.js';
import { HOLD } from './hold.js';
import type { Metadata } from '../domain/metadata.js';
import { isAdmin } from '../access/caller.js';
import type { Reader } from './notes.js';
import { NOBODY, ownerOf } from './owner.js';
import { isFinished, type JobStatus, STATUSES } from '../domain/vocabulary.js';

/** Selects jobs; a missing field does not narrow the selection. */
interface JobsFilter {
  status?: JobStatus;
  entity?: EntityKind;
  /** The slug of the request or of the result. */
  slug?: string;
  /** What the key of the reader has noted on them. */
  metadata?: Metadata;
  /** A key that made or shares the jobs (see visibility.ts); `null`: any. */
  owner: string | null;
  /** Keys of the same project, the owner among them: the jobs are those of all of them. */
  fellows?: readonly string[];
  reader: Reader;
}

/** Lists of jobs, newest first: their ids are UUIDv7. */
@Injectable()
export class JobList {
  constructor(private readonly reads: Reads) {}

  /** @param after id of the last job of the page before */
  page(filter: JobsFilter, limit: number, after: string | null): Promise<GenerationJob[]> {
    const { statement, parameters } = filter.metadata ? noted(filter, limit, after) : listing(filter, limit, after);
    return this.reads.read((db) => sql<GenerationJob>(db, statement, parameters));
  }
}

/** The first and the last id of all. */
const [FIRST_ID, LAST_ID] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/**
 * The newest rows of several walks along indexes, one walk for each way to match the filter. The indexes end with
 * state, kind and id. So each walk reads only matching rows, even if these are rare.
 */
function listing(filter: JobsFilter, limit: number, after: string | null) {
  const parameters: unknown[] = [limit, after ?? LAST_ID];
  const place = (value: unknown) => `$${parameters.push(value)}`;
  const { owner, fellows = [] } = filter;
  const isShared = owner !== null && fellows.length > 1;
  const keys = isShared ? place(fellows) : null;
  const key = owner === null ? null : isShared ? 'owner.key' : place(owner);
  const each = (some: string[]) => (keys === null ? some : some.map((one) => ofEachKey(keys, one)));
  const made = key === null ? '' : ` AND job.api_key_id = ${keys ? `ANY(${keys}::uuid[])` : key}`;
  const slug = filter.slug === undefined ? null : place(filter.slug);
  const walks = [
    ...(slug === null ? each(inStates(filter, key)) : named(filter, slug, made)),
    ...(key === null ? [] : each([sharedBy(key, filter, slug)])),
  ];
  return {
    statement: `WITH found AS MATERIALIZED (SELECT id FROM (${walks.join(' UNION ')}) AS walked ORDER BY id DESC
      LIMIT $1)
      SELECT job.*, ${HOLD} AS hold FROM found JOIN generation_jobs AS job ON job.id = found.id ORDER BY found.id DESC`,
    parameters,
  };
}

/**
 * A walk along the index of these columns and the id, from the newest on. Bounds and order name all of its columns,
 * where `=` would be shorter. So only this index fits. Otherwise the planner might choose another index and skip many
 * rows, because it expects few.
 */
function walk(columns: Record<string, string>, also = 'TRUE'): string {
  const names = [...Object.keys(columns), 'id'].map((name) => `job.${name}`);
  const [row, values] = [names.join(', '), Object.values(columns).join(', ')];
  return `(SELECT job.id FROM generation_jobs AS job WHERE ${also}
    AND (${row}) >= (${values}, '${FIRST_ID}'::uuid) AND (${row}) < (${values}, $2::uuid)
    ORDER BY ${names.map((name) => `${name} DESC`).join(', ')} LIMIT $1)`;
}

/** The selected states and kinds, each as columns of an index. */
function states({ status, entity }: JobsFilter, among: (status: JobStatus) => boolean = () => true) {
  const statuses = (status ? [status] : STATUSES).filter(among);
  const kinds = entity ? [entity] : ENTITIES;
  return statuses.flatMap((one) => kinds.map((kind) => ({ status: `'${one}'`, entity: `'${kind}'` })));
}

/** A walk for each of several keys, and the newest of all of them. @param walked a walk of the key `owner.key` */
const ofEachKey = (keys: string, walked: string) =>
  `(SELECT one.id FROM unnest(${keys}::uuid[]) AS owner (key) CROSS JOIN LATERAL ${walked} AS one
    ORDER BY one.id DESC LIMIT $1)`;

/** Without a filter, one walk by the ids alone. */
function inStates(filter: JobsFilter, key: string | null): string[] {
  if (key !== null)
    return states(filter).map((state) => walk({ api_key_id: `${key}::uuid`, ...state }, 'job.api_key_id IS NOT NULL'));
  if (filter.status || filter.entity) return states(filter).map((state) => walk(state));
  return ['(SELECT job.id FROM generation_jobs AS job WHERE job.id < $2 ORDER BY job.id DESC LIMIT $1)'];
}

/** Walks by the slug of the request or of the result. */
function named(filter: JobsFilter, slug: string, made: string): string[] {
  return [
    ...states(filter, isFinished).map((state) =>
      walk({ requested_slug: slug, ...state }, `job.finished_at IS NOT NULL${made}`),
    ),
    ...states(filter, (status) => !isFinished(status)).map((state) => active(slug, state, made)),
    ...states(filter).map((state) => walk({ slug, ...state }, `job.slug IS NOT NULL${made}`)),
  ];
}

/**
 * A slug has few active jobs: one for each locale and context tag. OFFSET 0: they are found first and sorted
 * afterwards.
 */
const active = (slug: string, { status, entity }: Record<'status' | 'entity', string>, also: string) =>
  `(SELECT job.id FROM (SELECT * FROM generation_jobs WHERE entity = ${entity} AND requested_slug = ${slug}
    AND status = ${status}
    OFFSET 0) AS job WHERE job.id < $2${also} ORDER BY job.id DESC LIMIT $1)`;

/**
 * Jobs of other keys that this key asked for as well. They are few, so each is looked up by its id (OFFSET 0 forces
 * that).
 */
function sharedBy(key: string, { status, entity }: JobsFilter, slug: string | null): string {
  const conditions = [
    'id = r.job_id',
    ...(status ? [`status = '${status}'`] : []),
    ...(entity ? [`entity = '${entity}'`] : []),
    ...(slug === null ? [] : [`${slug} IN (requested_slug, slug)`]),
  ];
  return `(SELECT job.id FROM job_requesters AS r
    CROSS JOIN LATERAL (SELECT id FROM generation_jobs WHERE ${conditions.join(' AND ')} OFFSET 0) AS job
    WHERE r.api_key_id = ${key} AND r.job_id < $2 ORDER BY r.job_id DESC LIMIT $1)`;
}

/**
 * Jobs with these notes. They are found by the index of notes and sorted afterwards: OFFSET 0 forces that. Notes stand
 * under the key that made them, so the owner needs no further look-up. An operator sees those of the makers: one
 * look-up for each key.
 */
function noted(filter: JobsFilter, limit: number, after: string | null) {
  const { status, entity, slug, metadata, reader } = filter;
  const parameters: unknown[] = [limit, after ?? LAST_ID, JSON.stringify(metadata), reader.key_id ?? NOBODY];
  const conditions = [
    'metadata IS NOT NULL AND metadata @> jsonb_build_object(owner.id::text, $3::jsonb) AND id < $2::uuid',
    ...(status ? [`status = '${status}'`] : []),
    ...(entity ? [`entity = '${entity}'`] : []),
    ...(slug === undefined ? [] : [`$${parameters.push(slug)} IN (requested_slug, slug)`]),
  ];
  const own = 'SELECT $4::uuid AS id, TRUE AS is_own';
  const makers = `UNION ALL SELECT id, FALSE FROM api_keys WHERE id <> $4::uuid
    UNION ALL SELECT '${NOBODY}', FALSE WHERE $4::uuid <> '${NOBODY}'`;
  return {
    statement: `WITH owner AS (${own} ${isAdmin(reader) ? makers : ''}),
      found AS MATERIALIZED (SELECT DISTINCT job.id FROM owner CROSS JOIN LATERAL
          (SELECT id, api_key_id FROM generation_jobs WHERE ${conditions.join(' AND ')} OFFSET 0) AS job
        WHERE owner.is_own OR owner.id = ${ownerOf('job.api_key_id')} ORDER BY job.id DESC LIMIT $1)
      SELECT job.*, ${HOLD} AS hold FROM found JOIN generation_jobs AS job ON job.id = found.id ORDER BY found.id DESC`,
    parameters,
  };
}
