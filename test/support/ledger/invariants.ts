import type { JobAttempt, JobError, JobResult } from '../../../src/ledger/generation-job.entity.js';
import type { JobStatus } from '../../../src/domain/vocabulary.js';
import type { DeliveryStatus, WebhookEvent } from '../../../src/webhooks/events.js';
import { TOKENS } from '../model/stub-model.ts';

/** A row of the ledger, as far as the invariants speak of it. */
export interface LedgerRow {
  id: string;
  subject: string;
  status: JobStatus;
  run: number;
  attempts: number;
  max_attempts: number;
  crashes: number;
  history: (Pick<JobAttempt, 'outcome' | 'error'> & Partial<JobAttempt>)[];
  /** Tokens of all its calls. */
  tokens: number;
  result: JobResult | null;
  error: JobError | null;
  /** Number of the transaction that wrote this version of the row. */
  written_by: string;
}

/** A description or a biography. */
export interface ResultRow {
  id: string;
  job_id: string | null;
  /** Of the film or person it belongs to. */
  slug: string;
  version: string;
  /** `null`: somebody wrote it, and may write what they like. */
  text: string | null;
}

/** An endpoint that wants to be told of a job. */
export interface WebhookRow {
  id: string;
  job_id: string;
  url: string;
  events: WebhookEvent[];
}

/** A message to it. */
export interface DeliveryRow {
  id: string;
  webhook_id: string;
  run: number;
  event: WebhookEvent;
  status: DeliveryStatus;
  attempts?: number;
  /** In words, for whoever looks into a breach. */
  how?: string;
}

/** Everything that may be known from outside: HTTP answers, PostgreSQL, and the stub model's own ledger. Never logs. */
export interface Evidence {
  /** GENERATION_TRIES the program was started with. */
  tries: number;
  /** Ids of all 202 answers. */
  accepted: Iterable<string>;
  rows: LedgerRow[];
  results: ResultRow[];
  /** Ids of texts, films and people that somebody has removed. */
  removed?: ReadonlySet<string>;
  failedJobs: { job_id: string; written_by: string }[];
  webhooks: WebhookRow[];
  deliveries: DeliveryRow[];
  /** Job and webhook_url of the 202 answers to requests that had one. */
  subscribed: Iterable<readonly [jobId: string, url: string]>;
  /** Ids of the messages that an endpoint has taken. */
  taken: ReadonlySet<string>;
  movieSlugs: string[];
  personSlugs: string[];
  /** Statuses each client saw of a job, in order, repetitions left out. */
  observed: Map<string, JobStatus[]>;
  /** How often clients had a FAILED job retried, by its id: the one way out of a final state. */
  retried?: Map<string, number>;
  /** Model calls by the subject that was asked for. */
  calls: Map<string, number>;
  /** Tokens of the model's answers, by the same. Missing: nobody has counted them. */
  spent?: Map<string, number>;
  /** Tokens of all jobs together, as operators are told. */
  tokens: number;
}

export const INVARIANTS = {
  kept: 'every accepted job has a row',
  ended: 'every job reached a final state',
  'one result': 'every DONE job has exactly one result version of its own, and none that was removed',
  'right result': 'every result is about what its job asked for',
  'one slug': 'one movie and one person per slug',
  'final is final': 'no client saw a final state change, save FAILED by an explicit retry',
  forwards: 'no client saw a state go backwards',
  'all tries': 'no job FAILED before its last try',
  'model calls': 'no more model calls than tries, crashes and hand-backs',
  'tokens counted': 'tokens counted are the tokens that the model has spent',
  'failed jobs': 'every FAILED job has exactly one failed_jobs row, of the same transaction',
  subscribed: 'every accepted webhook is kept with its job',
  'one ending': 'every finished run of a job has exactly one terminal message for each webhook that wants it',
  told: 'every message has reached its endpoint',
  'the ledger itself': 'what `moviemind backup verify` asks of a database holds',
} as const;
export type Invariant = keyof typeof INVARIANTS;

export interface Breach {
  invariant: Invariant;
  /** Job, slug or subject. */
  of: string;
  detail: string;
}

const FINAL: ReadonlySet<string> = new Set<JobStatus>(['DONE', 'FAILED', 'CANCELLED', 'EXPIRED']);
/** Crashes that end a job. */
const CRASHES = 5;

/**
 * Holds the evidence against every invariant of the design.
 * @returns what does not hold; empty when nothing was lost.
 */
export function breaches(evidence: Evidence): Breach[] {
  return [
    ...lost(evidence),
    ...unfinished(evidence),
    ...misplacedResults(evidence),
    ...doubleSlugs(evidence),
    ...inconstant(evidence),
    ...givenUpEarly(evidence),
    ...calledTooOften(evidence),
    ...miscounted(evidence),
    ...misfiledFailures(evidence),
    ...forgottenWebhooks(evidence),
    ...mistoldEndings(evidence),
    ...undelivered(evidence),
  ];
}

function* lost({ accepted, rows }: Evidence): Iterable<Breach> {
  const known = new Set(rows.map(({ id }) => id));
  for (const id of accepted)
    if (!known.has(id)) yield { invariant: 'kept', of: id, detail: 'answered 202, has no row' };
}

function* unfinished({ rows }: Evidence): Iterable<Breach> {
  for (const { id, status } of rows) if (!FINAL.has(status)) yield { invariant: 'ended', of: id, detail: status };
}

function* misplacedResults({ rows, results, removed = new Set() }: Evidence): Iterable<Breach> {
  const ofJob = grouped(results, ({ job_id }) => job_id ?? '');
  const versions = grouped(results, ({ slug, version }) => `${slug} ${version}`);
  const claimed = grouped(rows, ({ result }) => result?.description_id ?? result?.bio_id ?? '');
  for (const { id, status, result, subject } of rows) {
    const own = ofJob.get(id) ?? [];
    const named = result?.description_id ?? result?.bio_id;
    const breach = (detail: string): Breach => ({ invariant: 'one result', of: id, detail });
    const isRemoved = removed.has(result?.id ?? '') || removed.has(named ?? '');
    if (own.length !== (status === 'DONE' && !isRemoved ? 1 : 0))
      yield breach(`${status} with ${own.length} result versions`);
    else if (own[0] && own[0].id !== named) yield breach(`names ${named}, wrote ${own[0].id}`);
    if (named && claimed.get(named)!.length > 1) yield breach(`shares result ${named} with another job`);
    for (const { text } of own)
      if (text !== null && !text.includes(subject))
        yield { invariant: 'right result', of: id, detail: `asked for ${subject}: ${text}` };
  }
  for (const [version, same] of versions)
    if (same.length > 1) yield { invariant: 'one result', of: version, detail: `${same.length} times` };
}

function* doubleSlugs({ movieSlugs, personSlugs }: Evidence): Iterable<Breach> {
  for (const slugs of [movieSlugs, personSlugs])
    for (const [slug, same] of grouped(slugs, (slug) => slug))
      if (same.length > 1) yield { invariant: 'one slug', of: slug, detail: `${same.length} rows` };
}

/** A claim explains one run of IN_PROGRESS; a failed try, a crash or a hand-back explains one return to PENDING. */
function* inconstant({ rows, observed, retried = new Map() }: Evidence): Iterable<Breach> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [id, seen] of observed) {
    const row = byId.get(id);
    if (!row) continue; // said by `lost`
    const told = seen.join(' > ');
    // A poll may miss what lies between two states; FAILED followed by anything takes a retry.
    const ends = [...seen, row.status].filter(
      (status, n, all) => FINAL.has(status) && status !== all[n + 1] && n < seen.length,
    );
    const allowed = retried.get(id) ?? 0;
    if (ends.some((status) => status !== 'FAILED') || ends.length > allowed)
      yield { invariant: 'final is final', of: id, detail: `${told}, in the ledger ${row.status}, ${allowed} retries` };
    const back = seen.filter((status, n) => status === 'PENDING' && seen[n - 1] === 'IN_PROGRESS').length;
    const explained = row.history.filter(({ outcome }) => outcome !== 'DONE').length;
    const runs = seen.filter((status) => status === 'IN_PROGRESS').length;
    if (back > explained || runs > row.history.length)
      yield { invariant: 'forwards', of: id, detail: `${told}, but ${row.history.length} claims` };
  }
}

function* givenUpEarly({ rows, tries, retried }: Evidence): Iterable<Breach> {
  for (const { id, status, error, max_attempts, history, crashes } of rows) {
    const breach = (detail: string): Breach => ({ invariant: 'all tries', of: id, detail });
    if (max_attempts !== tries) yield breach(`${max_attempts} tries instead of ${tries}`);
    const runs = runsOf(history);
    const asked = 1 + (retried?.get(id) ?? 0);
    if (runs.length > asked) yield breach(`began anew ${runs.length} times, was asked for ${asked} times`);
    // A retry that no worker has begun yet left nothing in the history.
    const last = runs.length < asked && status !== 'FAILED' && status !== 'DONE' ? [] : runs.at(-1)!;
    const recorded = count(last, 'CRASHED');
    if (recorded !== crashes) yield breach(`${crashes} crashes counted, ${recorded} recorded`);
    if (status !== 'FAILED' || !error?.retryable || error.type === 'WORKER_CRASHED') continue;
    const failed = count(last, 'FAILED');
    if (failed !== max_attempts) yield breach(`FAILED (${error.type}) after ${failed} of ${max_attempts} tries`);
  }
}

/** Calls of a try at most. */
const MOST_CALLS = 3;
/**
 * A worker that was killed, or a call that was broken off, may have left an answer that nobody has read: one a try, for
 * what a try has used is written down before its next call.
 */
const isUnheard = ({ outcome, error }: LedgerRow['history'][number]) =>
  outcome === 'CRASHED' ||
  outcome === 'CANCELLED' ||
  (outcome === 'HANDED_BACK' && !error) ||
  /in time|connection/.test(error?.message ?? '');

/** A try that ended tells its calls. One that was broken off may have made one more. */
const callsOf = (entry: LedgerRow['history'][number]) =>
  isUnheard(entry) ? Math.min((entry.calls ?? 0) + 1, MOST_CALLS) : (entry.calls ?? 1);

/** By subject, for a subject may have had several jobs one after the other. */
function* calledTooOften({ rows, calls }: Evidence): Iterable<Breach> {
  const bySubject = grouped(rows, ({ subject }) => subject);
  for (const [subject, made] of calls) {
    const jobs = bySubject.get(subject) ?? [];
    const allowed = jobs.reduce((sum, job) => sum + runsOf(job.history).length * job.max_attempts + spared(job), 0);
    const told = jobs.reduce((sum, { history }) => sum + history.reduce((all, one) => all + callsOf(one), 0), 0);
    if (made > Math.min(allowed * MOST_CALLS, told))
      yield { invariant: 'model calls', of: subject, detail: `${made} calls, ${allowed} tries, which told of ${told}` };
  }
  for (const job of rows) {
    const counted = job.history.length - spared(job);
    if (counted > runsOf(job.history).length * job.max_attempts)
      yield { invariant: 'model calls', of: job.id, detail: `${counted} tries counted of ${job.max_attempts}` };
  }
}

/** Of what a try tells. */
const tokensOf = ({ input_tokens = 0, output_tokens = 0 }: LedgerRow['history'][number]) =>
  input_tokens + output_tokens;

/**
 * Each job tells the sum of its tries, operators that of the jobs, and together it is what the model has spent: to the
 * token, save for one answer of each try that was broken off.
 */
function* miscounted({ rows, spent, tokens }: Evidence): Iterable<Breach> {
  if (!spent) return;
  const breach = (of: string, detail: string): Breach => ({ invariant: 'tokens counted', of, detail });
  const sum = (entries: LedgerRow['history']) => entries.reduce((all, entry) => all + tokensOf(entry), 0);
  for (const { id, history, tokens: told } of rows)
    if (told !== sum(history)) yield breach(id, `${told} tokens, its tries ${sum(history)}`);
  const all = rows.reduce((total, job) => total + job.tokens, 0);
  if (all !== tokens) yield breach('all jobs', `${all} tokens, operators are told of ${tokens}`);
  for (const [subject, jobs] of grouped(rows, (row) => row.subject)) {
    const told = jobs.reduce((total, job) => total + job.tokens, 0);
    const made = spent.get(subject) ?? 0;
    const unheard = jobs.reduce((total, { history }) => total + history.filter(isUnheard).length, 0);
    if (told > made || made - told > unheard * TOKENS)
      yield breach(subject, `${told} tokens counted, ${made} spent, ${unheard} calls not heard to their end`);
  }
}

function* misfiledFailures({ rows, failedJobs }: Evidence): Iterable<Breach> {
  const ofJob = grouped(failedJobs, ({ job_id }) => job_id);
  for (const { id, status, written_by } of rows) {
    const own = ofJob.get(id) ?? [];
    const breach = (detail: string): Breach => ({ invariant: 'failed jobs', of: id, detail });
    if (own.length !== (status === 'FAILED' ? 1 : 0)) yield breach(`${status} with ${own.length} failed_jobs rows`);
    else if (own[0] && own[0].written_by !== written_by) yield breach('written in another transaction');
  }
}

function* forgottenWebhooks({ subscribed, webhooks }: Evidence): Iterable<Breach> {
  const known = new Set(webhooks.map(({ job_id, url }) => `${job_id} ${url}`));
  for (const [job_id, url] of subscribed)
    if (!known.has(`${job_id} ${url}`)) yield { invariant: 'subscribed', of: job_id, detail: `has no row for ${url}` };
}

const ENDING: Partial<Record<JobStatus, WebhookEvent>> = {
  DONE: 'job.completed',
  FAILED: 'job.failed',
  EXPIRED: 'job.failed',
  CANCELLED: 'job.cancelled',
};

/** Runs before the last one ended FAILED; whether the webhook was there then, nobody knows any more. */
function* mistoldEndings({ rows, webhooks, deliveries }: Evidence): Iterable<Breach> {
  const jobs = new Map(rows.map((row) => [row.id, row]));
  const told = grouped(
    deliveries.filter(({ event }) => event !== 'job.started'),
    ({ webhook_id }) => webhook_id,
  );
  for (const { id, job_id, events } of webhooks) {
    const job = jobs.get(job_id);
    if (!job) continue; // said by `lost`
    const breach = (detail: string): Breach => ({ invariant: 'one ending', of: job_id, detail });
    const runs = grouped(told.get(id) ?? [], ({ run }) => String(run));
    const ending = ENDING[job.status];
    const wanted = ending && events.includes(ending) ? [ending] : [];
    const last = (runs.get(String(job.run)) ?? []).map(({ event }) => event);
    if (last.join() !== wanted.join()) yield breach(`${job.status} told as: ${last.join(', ') || 'nothing'}`);
    for (const [run, messages] of runs) {
      const early = Number(run) < job.run && (messages.length > 1 || messages[0]!.event !== 'job.failed');
      if (early || Number(run) > job.run) yield breach(`run ${run} of ${job.run} told ${messages.length} times`);
    }
  }
}

function* undelivered({ deliveries, taken }: Evidence): Iterable<Breach> {
  for (const { id, event, status, attempts, how } of deliveries) {
    const state = [`${event} is ${status}`, attempts === undefined ? [] : `after ${attempts} attempts (${how})`]
      .flat()
      .join(' ');
    if (status !== 'DELIVERED' || !taken.has(id))
      yield { invariant: 'told', of: id, detail: `${state}${taken.has(id) ? '' : ', and never arrived'}` };
  }
}

const count = (history: LedgerRow['history'], wanted: JobAttempt['outcome']) =>
  history.filter(({ outcome }) => outcome === wanted).length;

/**
 * The history, cut where an explicit retry gave the job all its tries again: a first try after one that failed, or
 * after the crashes that end a job. At least one run, perhaps empty.
 */
function runsOf(history: LedgerRow['history']): LedgerRow['history'][] {
  const runs: LedgerRow['history'][] = [[]];
  for (const claim of history) {
    const run = runs.at(-1)!;
    const over = run.at(-1)?.outcome === 'FAILED' || count(run, 'CRASHED') === CRASHES;
    if (over && claim.attempt === 1) runs.push([claim]);
    else run.push(claim);
  }
  return runs;
}

/** Claims that are no try: the worker died, or gave the job back. */
const spared = ({ history }: LedgerRow) => count(history, 'CRASHED') + count(history, 'HANDED_BACK');

function grouped<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
