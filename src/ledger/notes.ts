import { type Caller, isAdmin } from '../access/caller.js';
import { type Database, sql } from '../database/sql.js';
import { MAX_NAMES, type Metadata, type Notes } from '../domain/metadata.js';
import { unprocessable } from '../http/problem.js';
import type { GenerationJob } from './generation-job.entity.js';
import { NOBODY } from './owner.js';

/**
 * What keys note on jobs stands in the row of the job, for all keys. So a poll, a list, an event and a message need no
 * further look-up. Nor does it matter which of the keys made the job, or pays for it.
 */

/** Who reads a job. */
export type Reader = Pick<Caller, 'key_id' | 'scopes'>;
export const NO_READER: Reader = { key_id: null, scopes: [] };

/** @returns `null`: nothing is noted */
export function notesOf(keyId: string | null, metadata: Metadata = {}): Notes | null {
  return Object.keys(metadata).length === 0 ? null : { [keyId ?? NOBODY]: metadata };
}

type Noted = Pick<GenerationJob, 'metadata' | 'api_key_id'>;

/** The notes of the reader's key. An operator who has none sees those of the key that made the job. */
export function metadataFor({ metadata, api_key_id }: Noted, { key_id, scopes }: Reader): Metadata {
  const of = (keyId: string | null) => metadata?.[keyId ?? NOBODY];
  return of(key_id) ?? (isAdmin({ scopes }) ? of(api_key_id) : undefined) ?? {};
}

/** What a request wants noted on a job. */
export interface Note {
  notes: Notes | null;
  /** JSON Pointer of the item within its request. */
  at?: string;
}

/**
 * Adds names to those of each key; of one name the newer text counts.
 * @throws ProblemException 422 when a key has too many
 */
export function withNotes(known: Notes | null, { notes, at = '' }: Note): Notes | null {
  if (!notes) return known;
  const added = Object.entries(notes).map(([key, own]): [string, Metadata] => {
    const all = { ...known?.[key], ...own };
    if (Object.keys(all).length > MAX_NAMES) throw tooMany(at);
    return [key, all];
  });
  return { ...known, ...Object.fromEntries(added) };
}

const tooMany = (at: string) =>
  unprocessable([
    { pointer: `${at}/metadata`, detail: `has names too many: with those it has, the job has more than ${MAX_NAMES}` },
  ]);

/** Whether all of it is noted already. */
const isNoted = (known: Notes | null, { notes }: Note) =>
  Object.entries(notes ?? {}).every(([key, own]) =>
    Object.entries(own).every(([name, text]) => known?.[key]?.[name] === text),
  );

/**
 * Notes on these jobs what was asked for. Their rows must be locked. It is no change of state, and may come to a
 * finished job.
 * @returns the jobs that are changed
 */
export function annotate(tx: Database, asked: (Note & { job: GenerationJob })[]): Promise<GenerationJob[]> {
  const changes = new Map<string, Notes | null>();
  for (const { job, ...note } of asked) {
    const known = changes.get(job.id) ?? job.metadata;
    if (!isNoted(known, note)) changes.set(job.id, withNotes(known, note));
  }
  if (changes.size === 0) return Promise.resolve([]);
  const rows = [...changes].map(([id, metadata]) => ({ id, metadata }));
  return sql<GenerationJob>(
    tx,
    `UPDATE generation_jobs AS job SET metadata = change.metadata, revision = revision + 1
     FROM jsonb_to_recordset($1::jsonb) AS change (id uuid, metadata jsonb) WHERE job.id = change.id RETURNING job.*`,
    [JSON.stringify(rows)],
  );
}

/** The same for finished jobs whose text is reused; a job that was forgotten meanwhile is left out. */
export async function annotateFinished(
  tx: Database,
  asked: (Note & { job: GenerationJob })[],
): Promise<GenerationJob[]> {
  const noted = asked.filter((one) => !isNoted(one.job.metadata, one));
  if (noted.length === 0) return [];
  const rows = await sql<GenerationJob>(
    tx,
    'SELECT * FROM generation_jobs WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
    [noted.map(({ job }) => job.id)],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return annotate(
    tx,
    noted.flatMap(({ job, ...note }) => (byId.has(job.id) ? [{ ...note, job: byId.get(job.id)! }] : [])),
  );
}
