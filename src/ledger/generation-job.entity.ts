import type { EntityKind, TextId } from '../domain/kinds.js';
import type { GivenFacts } from '../domain/given-facts.js';
import type { Suggestion } from '../domain/suggestion.js';
import { Column, Entity, getMetadataArgsStorage, PrimaryColumn } from 'typeorm';
import type { Notes } from '../domain/metadata.js';
import type { CallUsage, JobUsage } from '../domain/usage.js';
import type {
  AttemptOutcome,
  ContextTag,
  ErrorType,
  HoldReason,
  JobStage,
  JobStatus,
  Locale,
} from '../domain/vocabulary.js';

/** The accepted request, ready for the prompt: the model gets it as data, never as an instruction. */
export interface JobRequest {
  /** Title or name as the client wrote it; `null` when only a slug was given. */
  subject: string | null;
  /** Release or birth year; `null` when unknown. */
  year: number | null;
  /** The slug without what tells it apart from twins; missing: the requested one. */
  slug?: string;
  director?: string;
  external_ids?: { imdb?: string; tmdb?: number };
  /** The requested slug without what tells requests with other facts apart; missing: the requested one. */
  asked_slug?: string;
  /** Facts that the request gives; missing: the model tells them. */
  facts?: GivenFacts;
  /** Missing: the job fails. */
  if_ambiguous?: 'choose';
  refresh_facts?: true;
  /** Missing: a text that somebody wrote or chose stays the current one. */
  replace_pinned?: true;
}

/** The subject and its text. The id of the text has a name of its kind, such as `description_id`. */
export interface JobResult extends Partial<Record<TextId, string>> {
  id: string;
  slug: string;
  version: number;
  /** Others of the name, where the best known one was to be taken. */
  alternatives?: Suggestion[];
}

export interface JobError {
  type: ErrorType;
  message: string;
  retryable: boolean;
  attempt: number;
  suggestions?: Suggestion[];
}

/** What holds up a waiting job, as the database returns it: times are text. */
interface HoldRow {
  reason: HoldReason;
  /** Missing: the reason says it all. */
  message?: string;
  since: string;
  next_probe_at: string | null;
}

/**
 * One claim of the job by a worker, in order. `outcome` is missing while it runs. `model` is the one that is to be
 * asked, and then the one that answered.
 */
export interface JobAttempt extends Partial<CallUsage> {
  attempt: number;
  worker: string;
  started_at: string;
  finished_at?: string;
  outcome?: AttemptOutcome;
  error?: JobError;
  /** What the service of the model said, for operators: one line, capped, without keys. */
  reason?: string;
  /** The service turned us away, which need not be a fault of the job. */
  refused?: true;
}

/** A row of the ledger. Only this folder changes its state; see jobs.service.ts. */
@Entity('generation_jobs')
export class GenerationJob {
  @PrimaryColumn('uuid') id: string;
  @Column('text') entity: EntityKind;
  /** The slug of the request; it identifies the subject while the job is active. */
  @Column('text') requested_slug: string;
  /** The slug of the written text; `null` until DONE. */
  @Column('text', { nullable: true }) slug: string | null;
  @Column('text') locale: Locale;
  @Column('text') context_tag: ContextTag;
  @Column('jsonb') request: JobRequest;
  @Column('text', { default: 'PENDING' }) status: JobStatus;
  @Column('text', { default: 'QUEUED' }) stage: JobStage;
  /** Tries begun, with the running one; a crash or a hand-back subtracts its own. */
  @Column('smallint', { default: 0 }) attempts: number;
  @Column('smallint') max_attempts: number;
  /** Workers lost while they held the job; counted apart from tries. */
  @Column('smallint', { default: 0 }) crashes: number;
  @Column('jsonb', { default: [] }) history: JobAttempt[];
  /** Grows with every change of state; caches and clients order states by it. */
  @Column('integer', { default: 1 }) revision: number;
  /** The job does not start before this time: the end of the back-off. */
  @Column('timestamptz', { default: () => 'now()' }) run_at: Date;
  /**
   * How far ahead `run_at` was when it was written, seconds; while the job runs, the length of its lease. `null`: not
   * known. See waits.ts.
   */
  @Column('double precision', { nullable: true }) wait_seconds: number | null;
  /** Counts how often the job became PENDING. Each number gives the job a new id in the queue. */
  @Column('integer', { default: 1 }) dispatch: number;
  /** When the id went into the queue; `null`: it is not there yet. */
  @Column('timestamptz', { nullable: true }) dispatched_at: Date | null;
  /** Identifies the claim; a write without it is refused. */
  @Column('uuid', { nullable: true }) lease_token: string | null;
  @Column('timestamptz', { nullable: true }) lease_expires_at: Date | null;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('jsonb', { nullable: true }) result: JobResult | null;
  @Column('jsonb', { nullable: true }) error: JobError | null;
  @Column('jsonb', { nullable: true }) usage: JobUsage | null;
  @Column('text') request_id: string;
  /** W3C trace context of the request; `null`: the job was made before there was one. */
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  /** When it was last put in line again by its key or an operator; `null`: never. */
  @Column('timestamptz', { nullable: true }) retried_at: Date | null;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  /** The key that made it; `null`: no key was needed, or it was the bootstrap token. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** Counts its runs: an explicit retry of a FAILED job begins the next. A trigger counts. */
  @Column('integer', { default: 1 }) run: number;
  /** A job that is not started by then ends EXPIRED; `null`: there is no deadline. */
  @Column('timestamptz', { nullable: true }) deadline_at: Date | null;
  /** What keys have noted on it; `null`: nothing. See notes.ts. */
  @Column('jsonb', { nullable: true }) metadata: Notes | null;
  /** No column: counted when a single job is read. */
  queue_position?: number | null;
  /** No column: of a job that is polled, all that its answer is made of but the place, as a short text. */
  state?: string;
  /** No column: tokens that its key may take a day, looked up when it is claimed; `null`: as many as it needs. */
  daily_tokens?: number | null;
  /** No column: looked up when jobs are read; see hold.ts. */
  hold?: HoldRow | null;
}

/** The names of its columns. */
export const COLUMNS: readonly string[] = getMetadataArgsStorage()
  .filterColumns(GenerationJob)
  .map(({ propertyName }) => propertyName);
