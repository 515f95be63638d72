import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { GenerationJob, JobAttempt } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { DeliveriesService } from '../webhooks/deliveries.service.js';
import { Counters } from './counters.js';
import type { HistogramName } from './histograms.js';

/** Counts and times what becomes of jobs and messages, from changes that are committed. */
@Injectable()
export class JobCounters implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobsService,
    private readonly deliveries: DeliveriesService,
    private readonly counters: Counters,
  ) {}

  onApplicationBootstrap(): void {
    const { events } = this.jobs;
    events.on('accepted', ({ entity }) => this.counters.add('jobs_accepted_total', { entity }));
    events.on('lost', ({ entity }) => this.counters.add('claims_lost_total', { entity }));
    events.on('published', (job) => this.count(job));
    events.on('asked', (job, seconds) => this.time('model_call_duration_seconds', job, seconds));
    events.on('stored', (job, seconds) => this.time('store_duration_seconds', job, seconds));
    events.on('stopped', ({ gate, outcome, prompt_version }) =>
      this.counters.add('gate_stops_total', { gate, outcome, prompt_version }),
    );
    this.deliveries.events.on('attempted', (outcome: string) =>
      this.counters.add('webhook_attempts_total', { outcome }),
    );
  }

  private count(job: GenerationJob): void {
    const { entity, status, finished_at, error } = job;
    if (finished_at) this.counters.add('jobs_finished_total', { entity, status });
    if (status === 'FAILED') this.counters.add('jobs_failed_total', { entity, type: error?.type ?? 'UNKNOWN_ERROR' });
    if (status === 'IN_PROGRESS') this.time('job_wait_seconds', job, waitOf(job));
    if (status === 'DONE') this.time('job_duration_seconds', job, durationOf(job));
    const attempt = endedNow(job);
    if (!attempt) return;
    const { prompt_version } = attempt;
    if (status === 'DONE' && prompt_version) this.counters.add('texts_written_total', { entity, prompt_version });
    if (attempt.outcome === 'CRASHED') this.counters.add('crashes_recovered_total', { entity });
    if (attempt.outcome === 'FAILED' && status === 'PENDING')
      this.counters.add('retries_total', { entity, type: attempt.error?.type ?? 'UNKNOWN_ERROR' });
    // A job may be handed back although its call was answered: the database went away meanwhile.
    const called = attempt.input_tokens !== undefined || attempt.outcome === 'DONE' || attempt.outcome === 'FAILED';
    if (called) this.countTry(job, attempt);
  }

  private countTry(job: GenerationJob, attempt: JobAttempt): void {
    const { entity } = job;
    const outcome = attempt.error?.type ?? 'DONE';
    this.counters.add('model_calls_total', { entity, outcome });
    this.counters.add('model_tokens_total', { entity, direction: 'input' }, attempt.input_tokens ?? 0);
    this.counters.add('model_tokens_total', { entity, direction: 'output' }, attempt.output_tokens ?? 0);
    this.time('generation_duration_seconds', job, between(attempt.started_at, attempt.finished_at!));
  }

  /** A clock that was set back makes no time negative. */
  private time(name: HistogramName, { entity }: GenerationJob, seconds: number): void {
    this.counters.measure(name, { entity }, Math.max(0, seconds));
  }
}

const between = (since: Date | string, until: Date | string) =>
  (new Date(until).getTime() - new Date(since).getTime()) / 1000;

/** From the time that a job was due, and no worker had it, to its claim. A job handed back keeps its older time. */
function waitOf({ run_at, history }: GenerationJob): number {
  const [before, claim] = [history.at(-2), history.at(-1)!];
  const since = [run_at, ...(before?.finished_at ? [new Date(before.finished_at)] : [])];
  return between(new Date(Math.max(...since.map((one) => one.getTime()))), claim.started_at);
}

const durationOf = ({ created_at, retried_at, finished_at }: GenerationJob) =>
  between(retried_at ?? created_at, finished_at!);

/** The end of a try that leads to each state; other entries of a job's history happened before. */
const ENDS: Record<GenerationJob['status'], readonly JobAttempt['outcome'][]> = {
  PENDING: ['FAILED', 'CRASHED', 'HANDED_BACK'],
  IN_PROGRESS: [],
  DONE: ['DONE'],
  FAILED: ['FAILED', 'CRASHED'],
  CANCELLED: [],
  EXPIRED: [],
};

/** The try whose end was published; `null`: for example, an operator has retried the job. */
function endedNow({ status, history, attempts, crashes }: GenerationJob): JobAttempt | null {
  const last = history.at(-1);
  if (!last?.finished_at || !ENDS[status].includes(last.outcome)) return null;
  const again = status === 'PENDING' && attempts === 0 && crashes === 0 && last.outcome !== 'HANDED_BACK';
  return again ? null : last;
}
