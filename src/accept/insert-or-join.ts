import { EntityManager } from 'typeorm';
import type { Database } from '../database/sql.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { blockedOf, insertNew, joinActive, subjectKey } from '../ledger/insert.js';
import type { Notes } from '../domain/metadata.js';
import { withNotes } from '../ledger/notes.js';
import { subscribe } from '../webhooks/subscriptions.js';
import { isBlocked } from './accepted.js';
import { inParts } from './parts.js';
import type { AskedText, Submission } from './asked.js';

/** Most rounds of insert and look-up; a subject may finish in between. */
const ROUNDS = 10;

/** Most rows of an INSERT: a statement stays short, and others get their turn in between. */
const ROWS = 1000;

/** The jobs of requested texts. */
export interface Jobs {
  /** The job of each text, new or already active; without a transaction, of those that got one before an error. */
  of: Map<AskedText, GenerationJob>;
  created: GenerationJob[];
  /** Jobs that were joined and got a later deadline, or another key that pays. */
  changed: GenerationJob[];
}

/**
 * Inserts all texts, with one INSERT for a thousand. A text whose subject has an active job joins that job. Equal texts
 * share one job: the first makes it, and those of other keys join it. The latest deadline of all who share a job holds,
 * and what all of them note.
 * @param db a transaction if a text has a webhook or notes; without one, what is inserted before an error stays
 * @throws ProblemException 422 when a job would tell too many endpoints, or a key has noted too much on it; 409 for
 *   what is blocked
 */
export async function insertOrJoin(db: Database, asked: AskedText[], tries: number): Promise<Jobs> {
  const jobs: Jobs = { of: new Map(), created: [], changed: [] };
  try {
    await findJobs(db, asked, tries, jobs);
  } catch (error) {
    // What is committed must not be asked for once more: by then it may be over, and would be written twice.
    if (db instanceof EntityManager || jobs.of.size === 0) throw error;
  }
  return jobs;
}

async function findJobs(db: Database, asked: AskedText[], tries: number, jobs: Jobs): Promise<void> {
  const shared = sharedBy(asked);
  for (let round = 0; round < ROUNDS; round++) {
    const open = asked.filter((text) => !jobs.of.has(text)).sort(bySubject);
    await insert(db, open, shared, tries, jobs);
    const active = open.filter((text) => !jobs.of.has(text));
    await join(db, active, shared, jobs);
    const left = active.filter((text) => !jobs.of.has(text));
    if (left.length > 0) {
      await refuseBlocked(db, left);
      continue;
    }
    const all = asked.map((text) => jobs.of.get(text)!);
    const ended = await subscribe(db, asked, all);
    if (ended.size === 0) return;
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
  const created: GenerationJob[] = [];
  for (const rows of inParts(withShared(open, shared), ROWS)) created.push(...(await insertNew(db, rows, tries)));
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
