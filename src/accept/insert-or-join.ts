import type { Database } from '../database/sql.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { blockedOf, insertNew, joinActive, subjectKey } from '../ledger/insert.js';
import type { Notes } from '../domain/metadata.js';
import { withNotes } from '../ledger/notes.js';
import { subscribe } from '../webhooks/subscriptions.js';
import { isBlocked } from './accepted.js';
import type { AskedText, Submission } from './asked.js';

/** Most rounds of insert and look-up; a subject may finish in between. */
const ROUNDS = 10;

/** The jobs of requested texts. */
export interface Jobs {
  /** The job of each text, new or already active. */
  of: Map<AskedText, GenerationJob>;
  created: GenerationJob[];
  /** Jobs that were joined and got a later deadline, or another key that pays. */
  changed: GenerationJob[];
}

/**
 * Inserts all texts with one INSERT. A text whose subject has an active job joins that job. Equal texts share one job:
 * the first makes it, and those of other keys join it. The latest deadline of all who share a job holds, and what all
 * of them note.
 * @param db a transaction if a text has a webhook or notes
 * @throws ProblemException 422 when a job would tell too many endpoints, or a key has noted too much on it; 409 for
 *   what is blocked
 */
export async function insertOrJoin(db: Database, asked: AskedText[], tries: number): Promise<Jobs> {
  const jobs: Jobs = { of: new Map(), created: [], changed: [] };
  const shared = sharedBy(asked);
  for (let round = 0; round < ROUNDS; round++) {
    const open = asked.filter((text) => !jobs.of.has(text)).sort(bySubject);
    await insert(db, open, shared, tries, jobs);
    await join(
      db,
      open.filter((text) => !jobs.of.has(text)),
      shared,
      jobs,
    );
    if (jobs.of.size < asked.length) {
      await refuseBlocked(
        db,
        asked.filter((text) => !jobs.of.has(text)),
      );
      continue;
    }
    const ended = await subscribe(
      db,
      asked,
      asked.map((text) => jobs.of.get(text)!),
    );
    if (ended.size === 0) return jobs;
    for (const [text, { id }] of jobs.of) if (ended.has(id)) jobs.of.delete(text);
  }
  throw new Error(`a subject kept changing hands for ${ROUNDS} rounds`);
}

/** What could be neither inserted nor joined has ended in between, or is blocked. */
async function refuseBlocked(db: Database, open: AskedText[]): Promise<void> {
  const [blocked] = await blockedOf(db, open);
  if (blocked) throw isBlocked((blocked as AskedText).at ?? '');
}

/** What all who ask for one subject share: the latest deadline in seconds, `undefined` for none, and their notes. */
interface Shared {
  deadlineSeconds: number | undefined;
  notes: Notes | null;
}
type BySubject = Map<string, Shared>;

async function insert(db: Database, open: AskedText[], shared: BySubject, tries: number, jobs: Jobs): Promise<void> {
  const created = await insertNew(db, withShared(open, shared), tries);
  const bySubject = new Map(created.map((job) => [subjectKey(job), job]));
  jobs.created.push(...created);
  for (const text of open) {
    const job = bySubject.get(subjectKey(text.subject));
    if (job?.api_key_id === text.origin.api_key_id) jobs.of.set(text, job);
  }
}

async function join(db: Database, open: AskedText[], shared: BySubject, jobs: Jobs): Promise<void> {
  if (open.length === 0) return;
  const joined = await joinActive(db, withShared(open, shared));
  const bySubject = new Map(joined.jobs.map((job) => [subjectKey(job), job]));
  jobs.changed.push(...joined.changed);
  for (const text of open) {
    const job = bySubject.get(subjectKey(text.subject));
    if (job) jobs.of.set(text, job);
  }
}

/** One order for all requests: those that overlap wait for each other, but never in a circle. */
function bySubject(a: Submission, b: Submission): number {
  const [first, second] = [subjectKey(a.subject), subjectKey(b.subject)];
  return first === second ? 0 : first < second ? -1 : 1;
}

const withShared = (asked: AskedText[], shared: BySubject): AskedText[] =>
  asked.map((text) => ({ ...text, ...shared.get(subjectKey(text.subject)) }));

/** @throws ProblemException 422 when equal texts note too much together */
function sharedBy(asked: AskedText[]): BySubject {
  const bySubject: BySubject = new Map();
  for (const text of asked) {
    const { subject, deadlineSeconds } = text;
    const key = subjectKey(subject);
    const known = bySubject.get(key) ?? { deadlineSeconds: 0, notes: null };
    const isEndless = known.deadlineSeconds === undefined || deadlineSeconds === undefined;
    const latest = isEndless ? undefined : Math.max(known.deadlineSeconds!, deadlineSeconds);
    bySubject.set(key, { deadlineSeconds: latest, notes: withNotes(known.notes, text) });
  }
  return bySubject;
}
