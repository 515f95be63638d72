import { hash } from 'node:crypto';
import type { JobStatus } from '../domain/vocabulary.js';
import { isKnown } from '../http/etag.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Notes } from '../domain/metadata.js';
import { metadataFor, NO_READER, type Reader } from '../ledger/notes.js';
import { JobDto } from './jobs.dto.js';

/**
 * A job as polls answer it: the bytes of the body, and the digest that their ETag is made of. Redis holds the same
 * bytes. They carry no notes: {@link sentTo} adds those of the key that asks.
 */
export interface SentJob {
  id: string;
  revision: number;
  /** The key that made it; `null`: none. The caller of the cache must check who may see the job. */
  maker: string | null;
  status: JobStatus;
  /** What keys have noted; `null`: nothing, and the bytes are the same for all. */
  notes: Notes | null;
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
  const notes = row.metadata ?? null;
  const json = JSON.stringify(JobDto.from({ ...row, metadata: null }, retentionDays, NO_READER));
  const job = { id, revision, maker, status, notes, json };
  const sent = { ...job, digest: digestOf(job) };
  made.set(row, sent);
  return sent;
}

/** Texts cannot have this form: their quotes are escaped. */
const PLACE = /"queue_position":(?:null|(\d+))/;

/** Where the job stands in the queue, as text; empty: nowhere. */
const placeIn = ({ json }: Pick<SentJob, 'json'>): string => PLACE.exec(json)?.[1] ?? '';

/**
 * Computed from all fields but the place in the queue, so that it also detects damage. It is no signature: a client
 * that can write to Redis can compute one.
 */
export const digestOf = ({ id, revision, maker, status, notes, json }: Omit<SentJob, 'digest'>): string => {
  const noted = notes ? `:${JSON.stringify(notes)}` : '';
  const placeless = json.replace(PLACE, '"queue_position":null');
  return hash('sha256', `${id}:${revision}:${maker ?? ''}:${status}:${placeless}${noted}`, 'base64url');
};

/** The job at another place in the queue; at the same place, the very same. */
export function movedTo(job: SentJob, place: number | null): SentJob {
  const json = job.json.replace(PLACE, `"queue_position":${place}`);
  return json === job.json ? job : { ...job, json };
}

/** How the bytes end: `metadata` is the last field. */
const NOTHING_NOTED = '{}}';

/** The job with what the key of the reader has noted, and an ETag of its own; without notes, the very same. */
export function sentTo(job: SentJob, reader: Reader): SentJob {
  if (!job.notes) return job;
  const own = metadataFor({ metadata: job.notes, api_key_id: job.maker }, reader);
  if (Object.keys(own).length === 0) return job;
  const personal = { ...job, json: `${job.json.slice(0, -NOTHING_NOTED.length)}${JSON.stringify(own)}}` };
  return { ...personal, digest: digestOf(personal) };
}

/** The digest; of a job that stands in line, with its place after a dot. */
export function etagOfJob(job: Pick<SentJob, 'digest' | 'json'>): string {
  const place = placeIn(job);
  return place === '' ? `"${job.digest}"` : `"${job.digest}.${place}"`;
}

/** Whether If-None-Match names this state of the job, wherever it stands in line. */
export const isKnownState = (ifNoneMatch: string, { digest }: Pick<SentJob, 'digest'>): boolean =>
  isKnown(ifNoneMatch.replaceAll(/\.\d+(?=")/g, ''), `"${digest}"`);

const ENTRY = /^(\d+):([^:]*):([A-Z_]+):([\w-]{43}):(\d*):(?:([\w-]+):)?/;

/**
 * The value of an entry in Redis: `revision:maker:status:digest:place:json`. An empty maker or place means none. Notes
 * stand before the json, in base64url.
 */
export const entryOf = (job: SentJob): string => {
  const noted = job.notes ? `${Buffer.from(JSON.stringify(job.notes)).toString('base64url')}:` : '';
  return headOf(job) + noted + job.json;
};

/** How the entry begins: another state of the job has another digest. */
export const headOf = ({ revision, maker, status, digest, json }: SentJob): string =>
  `${revision}:${maker ?? ''}:${status}:${digest}:${placeIn({ json })}:`;

/** The job in an entry; `null`: the entry is damaged, or another version wrote it. */
export function jobOfEntry(id: string, entry: string): SentJob | null {
  const [head, revision, maker, status, digest, place, noted] = ENTRY.exec(entry) ?? [];
  if (head === undefined) return null;
  const json = entry.slice(head.length);
  const notes = noted === undefined ? null : notesIn(noted);
  const job = { id, revision: Number(revision), maker: maker || null, status: status as JobStatus, notes, json };
  return digest === digestOf(job) && place === placeIn(job) ? { ...job, digest } : null;
}

/** `null`: they are damaged; then the digest differs. */
function notesIn(noted: string): Notes | null {
  try {
    return JSON.parse(Buffer.from(noted, 'base64url').toString()) as Notes;
  } catch {
    return null;
  }
}
