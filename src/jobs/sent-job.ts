import { hash } from 'node:crypto';
import type { JobStatus } from '../domain/vocabulary.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { JobDto } from './jobs.dto.js';

/** A job as polls answer it: the bytes of the body, and the digest that is their ETag. Redis holds the same bytes. */
export interface SentJob {
  id: string;
  revision: number;
  /** The key that made it; `null`: none. The caller of the cache must check who may see the job. */
  maker: string | null;
  status: JobStatus;
  json: string;
  digest: string;
}

/** Made once for each row: Redis and all clients that wait for it get the same. */
const made = new WeakMap<GenerationJob, SentJob>();

/** @param row is not changed any more */
export function sentJob(row: GenerationJob, retentionDays: number): SentJob {
  const known = made.get(row);
  if (known) return known;
  const { id, revision, api_key_id: maker, status } = row;
  const json = JSON.stringify(JobDto.from(row, retentionDays));
  const job = { id, revision, maker, status, json };
  const sent = { ...job, digest: digestOf(job) };
  made.set(row, sent);
  return sent;
}

/**
 * Computed from all fields, so that it also detects damage. It is no signature: a client that can write to Redis can
 * compute one.
 */
export const digestOf = ({ id, revision, maker, status, json }: Omit<SentJob, 'digest'>): string =>
  hash('sha256', `${id}:${revision}:${maker ?? ''}:${status}:${json}`, 'base64url');

export const etagOfJob = ({ digest }: Pick<SentJob, 'digest'>): string => `"${digest}"`;

const ENTRY = /^(\d+):([^:]*):([A-Z_]+):([\w-]{43}):/;

/** The value of an entry in Redis: `revision:maker:status:digest:json`. An empty maker means none. */
export const entryOf = ({ revision, maker, status, digest, json }: SentJob): string =>
  `${revision}:${maker ?? ''}:${status}:${digest}:${json}`;

/** The job in an entry; `null`: the entry is damaged, or another version wrote it. */
export function jobOfEntry(id: string, entry: string): SentJob | null {
  const [head, revision, maker, status, digest] = ENTRY.exec(entry) ?? [];
  if (head === undefined) return null;
  const json = entry.slice(head.length);
  const job = { id, revision: Number(revision), maker: maker || null, status: status as JobStatus, json };
  return digest === digestOf(job) ? { ...job, digest } : null;
}
