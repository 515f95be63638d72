import type { EntityKind } from '../domain/kinds.js';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CallUsage, JobUsage } from '../domain/usage.js';
import type { ContextTag, ErrorType, HoldReason, JobStage, JobStatus, Locale } from '../domain/vocabulary.js';

/** The request as it was accepted, ready for the prompt: text for the model, never instruction. */
export interface JobRequest {
  /** Title or name as the client wrote it; `null` when only a slug was given. */
  subject: string | null;
  /** Release or birth year; `null` when unknown. */
  year: number | null;
}

export interface JobResult {
  id: string;
  slug: string;
  /** For a film. */
  description_id?: string;
  /** For a person. */
  bio_id?: string;
  version: number;
}

export interface JobError {
  type: ErrorType;
  message: string;
  retryable: boolean;
  attempt: number;
  suggestions?: string[];
}

/** What holds a waiting job up, as the database tells it: times are text. */
export interface HoldRow {
  reason: HoldReason;
  since: string;
  next_probe_at: string | null;
}

/** One claim of the job by a worker, in order. `outcome` is missing while it runs. */
export interface JobAttempt extends Partial<CallUsage> {
  attempt: number;
  worker: string;
  started_at: string;
  finished_at?: string;
  outcome?: 'DONE' | 'FAILED' | 'HANDED_BACK' | 'CRASHED' | 'CANCELLED';
  error?: JobError;
}

/** A row of the ledger. Its state changes in this folder and nowhere else; see jobs.service.ts. */
@Entity('generation_jobs')
export class GenerationJob {
  @PrimaryColumn('uuid') id: string;
  @Column('text') entity: EntityKind;
  /** Slug of what was asked for; identity while the job is active. */
  @Column('text') requested_slug: string;
  /** Slug of what was written; `null` until DONE. */
  @Column('text', { nullable: true }) slug: string | null;
  @Column('text') locale: Locale;
  @Column('text') context_tag: ContextTag;
  @Column('jsonb') request: JobRequest;
  @Column('text', { default: 'PENDING' }) status: JobStatus;
  @Column('text', { default: 'QUEUED' }) stage: JobStage;
  /** Tries begun, the running one included; a crash or a hand-back takes its own off again. */
  @Column('smallint', { default: 0 }) attempts: number;
  @Column('smallint') max_attempts: number;
  /** Workers lost while they held the job; counted apart from tries. */
  @Column('smallint', { default: 0 }) crashes: number;
  @Column('jsonb', { default: [] }) history: JobAttempt[];
  /** Grows with every change of state; orders what caches and clients see. */
  @Column('integer', { default: 1 }) revision: number;
  /** Not before: the end of the back-off. */
  @Column('timestamptz', { default: () => 'now()' }) run_at: Date;
  /**
   * How far ahead `run_at` lay when it was written, while it runs its lease, seconds; `null`: nobody told. See
   * waits.ts.
   */
  @Column('double precision', { nullable: true }) wait_seconds: number | null;
  /** Counts the times the job became PENDING, and so the ids under which the queue may know it. */
  @Column('integer', { default: 1 }) dispatch: number;
  /** When the id went into the queue; `null`: it still has to. */
  @Column('timestamptz', { nullable: true }) dispatched_at: Date | null;
  /** Names the claim; a write that does not carry it is refused. */
  @Column('uuid', { nullable: true }) lease_token: string | null;
  @Column('timestamptz', { nullable: true }) lease_expires_at: Date | null;
  @Column('text', { nullable: true }) worker: string | null;
  @Column('jsonb', { nullable: true }) result: JobResult | null;
  @Column('jsonb', { nullable: true }) error: JobError | null;
  @Column('jsonb', { nullable: true }) usage: JobUsage | null;
  @Column('text') request_id: string;
  /** W3C trace context of the request; `null`: made before there was one. */
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  /** The key that made it; `null`: nobody had to have one, or the bootstrap token. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
  /** Counts its runs: an explicit retry of a FAILED job begins the next. The database counts. */
  @Column('integer', { default: 1 }) run: number;
  /** A job not started by then ends EXPIRED; `null`: it waits as long as it takes. */
  @Column('timestamptz', { nullable: true }) deadline_at: Date | null;
  /** No column: counted when a single job is read. */
  queue_position?: number | null;
  /** No column: looked up when jobs are read; see hold.ts. */
  hold?: HoldRow | null;
}
