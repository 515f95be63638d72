import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Origin } from '../access/origin.js';
import type { DryRunDto } from '../batches/batches.dto.js';
import { BatchesService } from '../batches/batches.service.js';
import { Config } from '../config/config.js';
import { type Database, isDatabaseUnavailable } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Answer } from '../http/answer.js';
import { Idempotency } from '../idempotency/idempotency.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { type Basis, type Estimate, estimateOf, Estimates } from '../ledger/estimates.js';
import { countNew } from '../ledger/insert.js';
import { JobsService } from '../ledger/jobs.service.js';
import { annotateFinished, notesOf } from '../ledger/notes.js';
import { restOfTurn } from '../timing/turn.js';
import { Tracing } from '../tracing/tracing.js';
import { subscribeBatch } from '../webhooks/subscriptions.js';
import { acceptedBatch, acceptedJob, type Submitted } from './accepted.js';
import type { AskedText, TextRequest } from './asked.js';
import { tellJobs } from './accept-span.js';
import { insertOrJoin, type Jobs } from './insert-or-join.js';
import { inParts } from './parts.js';
import { reusableJobs, reusableTexts } from './reuse.js';
import { SpentBudgets } from './spent-budgets.js';
import { UnfinishedCap } from './unfinished-cap.js';

/** The outcome of a request. `alone`: the request cannot be accepted in this group; it must be accepted by itself. */
export type Outcome =
  { kind: 'answer'; answer: Answer<unknown> } | { kind: 'error'; error: unknown } | { kind: 'alone' };

/** Jobs that are told of before others get their turn. */
const JOBS_A_TURN = 250;

const ALONE: Outcome = { kind: 'alone' };
const failed = (error: unknown): Outcome => ({ kind: 'error', error });

/** A request that is being accepted, and the texts that it asks for. */
interface Open {
  request: TextRequest;
  texts: AskedText[];
}

/** SQLSTATE lock_not_available and query_canceled: perhaps one of the group waited for a row that somebody holds. */
const WAITED = new Set(['55P03', '57014']);

type Outcomes = Map<TextRequest, Outcome>;

/**
 * Accepts requests for texts, several at once, and answers each as if it had come alone:
 * 1. it answers again what an Idempotency-Key has an answer for;
 * 2. it looks up existing texts that may be reused;
 * 3. it refuses a request while a daily budget of tokens is spent, or whose key would have too many unfinished jobs;
 * 4. it makes the rest jobs, or joins active ones;
 * 5. it answers after the commit.
 *
 * A request is accepted as a whole or not at all. A request that fails in a group is repeated by itself, and so are its
 * neighbours that have no job yet.
 */
@Injectable()
export class Accepting {
  constructor(
    private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly batches: BatchesService,
    private readonly idempotency: Idempotency,
    private readonly cap: UnfinishedCap,
    private readonly estimates: Estimates,
    private readonly budgets: SpentBudgets,
    private readonly config: Config,
    private readonly tracing: Tracing,
  ) {}

  /**
   * @returns the outcome of each request, in their order; never `alone` for a single request
   * @throws when the database is away, which concerns all requests
   */
  async accept(requests: TextRequest[]): Promise<Outcome[]> {
    const outcomes: Outcomes = new Map();
    const together = requests.filter((request) => !repeatsKey(request, requests));
    try {
      // A single statement needs no transaction around it.
      const work = (db: Database) => this.acceptIn(db, together, outcomes);
      const jobs = await (together.some(takesSeveralStatements) ? inTransaction(this.db, work) : work(this.db));
      await this.announce(jobs);
    } catch (error) {
      const isOneOfMany = requests.length > 1 && WAITED.has((error as { code?: string }).code ?? '');
      if (isDatabaseUnavailable(error) && !isOneOfMany) throw error;
      return requests.map(() => (requests.length === 1 ? failed(error) : ALONE));
    }
    return requests.map((request) => outcomes.get(request) ?? ALONE);
  }

  private async acceptIn(db: Database, requests: TextRequest[], outcomes: Outcomes): Promise<Jobs> {
    outcomes.clear(); // outcomes of a run that a deadlock has ended
    const first = await this.claimKeys(db, requests, outcomes);
    const open = first.map((request) => ({ request, texts: textsOf(request) }));
    const reused = await reusableJobs(
      db,
      open.flatMap(({ texts }) => texts),
      this.config.tries,
    );
    const wanted = open.map(({ request, texts }) => ({ origin: request.origin, texts: missing(texts, reused) }));
    const spent = await this.budgets.refusals(db, wanted);
    const room = await this.cap.reserve(
      db,
      wanted.map((one) => wantedOf(db, one)),
    );
    const refusals = spent.map((refusal, n) => refusal ?? room.refusals[n]!);
    let jobs: Jobs = { of: new Map(), created: [], changed: [] };
    try {
      const admitted = open.filter((_, n) => refusals[n] === null);
      await this.refuse(db, first, refusals, outcomes);
      const admittedTexts = admitted.flatMap(({ texts }) => texts);
      const noted = await noteReused(db, admittedTexts, reused);
      const texts = missing(admittedTexts, reused);
      const basis = await this.basisOf(
        db,
        admitted.map(({ request }) => request),
      );
      if (texts.length > 0) jobs = await insertOrJoin(db, texts, this.config.tries);
      jobs.changed.push(...noted);
      const submittedOf = (text: AskedText): Submitted =>
        reused.has(text) ? { job: reused.get(text)!, reused: true } : { job: jobs.of.get(text)!, reused: false };
      const estimate = basis && estimateOf(jobs.created.length, basis);
      const accepted = admitted.filter(({ texts }) => texts.every((text) => reused.has(text) || jobs.of.has(text)));
      await this.answer(db, accepted, { submittedOf, estimate }, outcomes);
      return jobs;
    } finally {
      room.leave(jobs.created);
    }
  }

  /** What a batch would make and take. Nothing is written, and nothing is refused for want of room. */
  async preview(request: TextRequest): Promise<DryRunDto> {
    const texts = textsOf(request);
    const reused = await reusableTexts(this.db, texts);
    const open = texts.filter((text) => !reused.has(text));
    const made = open.length > 0 ? await countNew(this.db, open) : 0;
    const basis = (await this.basisOf(this.db, [request]))!;
    const joined = open.length - made;
    return { total: texts.length, new: made, joined, reused: reused.size, estimate: estimateOf(made, basis) };
  }

  /** For the estimate of a batch, which is never in a group; `null`: there is none. */
  private async basisOf(db: Database, [first]: TextRequest[]): Promise<Basis | null> {
    return first?.kind === 'batch' ? this.estimates.basis(db, first.submissions[0]!.subject.entity) : null;
  }

  /** @returns the requests that have no answer yet */
  private async claimKeys(db: Database, requests: TextRequest[], outcomes: Outcomes): Promise<TextRequest[]> {
    const keyed = requests.filter(({ key }) => key !== null);
    const claims = await this.idempotency.claim(
      db,
      keyed.map(({ key }) => key!),
      requests.length === 1,
    );
    for (const [n, claim] of claims.entries()) {
      const request = keyed[n]!;
      if (claim.kind === 'replay') outcomes.set(request, { kind: 'answer', answer: claim.answer });
      if (claim.kind === 'refused') outcomes.set(request, failed(claim.problem));
      if (claim.kind === 'busy') outcomes.set(request, ALONE);
    }
    return requests.filter((request) => !outcomes.has(request));
  }

  private async refuse(db: Database, requests: TextRequest[], refusals: unknown[], outcomes: Outcomes): Promise<void> {
    const refused = requests.filter((_, n) => refusals[n] !== null);
    for (const request of refused) outcomes.set(request, failed(refusals[requests.indexOf(request)]));
    await this.idempotency.giveBack(
      db,
      refused.flatMap(({ key }) => key ?? []),
    );
  }

  private async answer(
    db: Database,
    open: Open[],
    { submittedOf, estimate }: { submittedOf: (text: AskedText) => Submitted; estimate: Estimate | null },
    outcomes: Outcomes,
  ): Promise<void> {
    const submitted = new Map(open.map(({ request, texts }) => [request, texts.map(submittedOf)]));
    const batches = await this.createBatches(db, submitted);
    const answers: { request: TextRequest; answer: Answer<unknown> }[] = [];
    for (const [request, jobs] of submitted) {
      if (this.tracing.isOn) tellJobs(request, jobs);
      const batchId = batches.get(request);
      const as = { days: this.config.retentionDays, reader: { key_id: request.origin.api_key_id, scopes: [] } };
      const answer = batchId
        ? await acceptedBatch(batchId, jobs, { ...as, estimate: estimate! })
        : acceptedJob(jobs[0]!, as);
      answers.push({ request, answer });
      outcomes.set(request, { kind: 'answer', answer });
    }
    await this.idempotency.keep(
      db,
      answers.flatMap(({ request: { key }, answer }) => (key ? [{ key, answer }] : [])),
    );
  }

  private async createBatches(
    db: Database,
    submitted: Map<TextRequest, Submitted[]>,
  ): Promise<Map<TextRequest, string>> {
    const requests = [...submitted.keys()].filter(({ kind }) => kind === 'batch');
    const ids = await this.batches.create(
      db,
      requests.map((request) => ({
        api_key_id: request.origin.api_key_id,
        metadata: request.metadata,
        job_ids: submitted.get(request)!.map(({ job }) => job.id),
      })),
    );
    for (const [n, { webhook, origin }] of requests.entries())
      if (webhook) await subscribeBatch(db, ids[n]!, origin.api_key_id, webhook);
    return new Map(requests.map((request, n) => [request, ids[n]!]));
  }

  /** Call it after the commit. */
  private async announce({ created, changed }: Jobs): Promise<void> {
    for (const part of inParts(created, JOBS_A_TURN)) {
      this.jobs.accepted(part);
      if (part.length === JOBS_A_TURN) await restOfTurn();
    }
    // An answer never waits for Redis.
    for (const job of changed) void this.jobs.changed(job);
  }
}

/** Whether an earlier request of the group has the same key. The second of them waits for the first. */
const repeatsKey = (request: TextRequest, requests: TextRequest[]) =>
  request.key !== null && requests.find(({ key }) => key?.id.equals(request.key!.id)) !== request;

const takesSeveralStatements = ({ key, kind, submissions }: TextRequest) =>
  key !== null || kind === 'batch' || submissions.some(({ webhook, metadata }) => webhook ?? metadata);

const textsOf = ({ submissions, origin }: TextRequest): AskedText[] =>
  submissions.map((submission) => {
    const notes = notesOf(origin.api_key_id, submission.metadata);
    return { ...submission, origin, id: uuidv7(), notes };
  });

/** Notes what the requests want noted on the jobs that they reuse. @returns the jobs that are changed */
async function noteReused(db: Database, texts: AskedText[], reused: Map<AskedText, GenerationJob>) {
  const asked = texts.flatMap((text) =>
    text.notes && reused.has(text) ? [{ notes: text.notes, at: text.at, job: reused.get(text)! }] : [],
  );
  if (asked.length === 0) return [];
  const noted = await annotateFinished(db, asked);
  const byId = new Map(noted.map((job) => [job.id, job]));
  for (const [text, job] of reused) reused.set(text, byId.get(job.id) ?? job);
  return noted;
}

const missing = (texts: AskedText[], reused: Map<AskedText, unknown>) => texts.filter((text) => !reused.has(text));

const wantedOf = (db: Database, { origin, texts }: { origin: Origin; texts: AskedText[] }) => ({
  keyId: origin.api_key_id,
  jobs: texts.length,
  exactly: () => countNew(db, texts),
});
