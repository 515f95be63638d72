import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { GenerationJob, JobAttempt } from '../ledger/generation-job.entity.js';
import { JobsService } from '../ledger/jobs.service.js';
import { Counters, type Labels } from './counters.js';

/** Upper bounds of the durations of tries, seconds. A model takes seconds, a timeout a minute. */
const DURATION_BUCKETS = [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120];

/** Counts the outcomes of jobs, from the changes of state that the ledger has committed. */
@Injectable()
export class JobCounters implements OnApplicationBootstrap {
  constructor(
    private readonly jobs: JobsService,
    private readonly counters: Counters,
  ) {}

  onApplicationBootstrap(): void {
    this.jobs.events.on('accepted', ({ entity }: GenerationJob) =>
      this.counters.add('jobs_accepted_total', { entity }),
    );
    this.jobs.events.on('lost', ({ entity }: GenerationJob) => this.counters.add('claims_lost_total', { entity }));
    this.jobs.events.on('published', (job: GenerationJob) => this.count(job));
  }

  private count(job: GenerationJob): void {
    const { entity, status, finished_at } = job;
    if (finished_at) this.counters.add('jobs_finished_total', { entity, status });
    const attempt = endedNow(job);
    if (!attempt) return;
    if (attempt.outcome === 'CRASHED') this.counters.add('crashes_recovered_total', { entity });
    if (attempt.outcome === 'FAILED' && status === 'PENDING')
      this.counters.add('retries_total', { entity, type: attempt.error?.type ?? 'UNKNOWN_ERROR' });
    // A job may be handed back although its call was answered: the database went away meanwhile.
    const called = attempt.input_tokens !== undefined || attempt.outcome === 'DONE' || attempt.outcome === 'FAILED';
    if (called) this.countTry(entity, attempt);
  }

  private countTry(entity: string, attempt: JobAttempt): void {
    const outcome = attempt.error?.type ?? 'DONE';
    this.counters.add('model_calls_total', { entity, outcome });
    this.counters.add('model_tokens_total', { entity, direction: 'input' }, attempt.input_tokens ?? 0);
    this.counters.add('model_tokens_total', { entity, direction: 'output' }, attempt.output_tokens ?? 0);
    const seconds = (Date.parse(attempt.finished_at!) - Date.parse(attempt.started_at)) / 1000;
    this.observe({ entity }, Math.max(0, seconds));
  }

  /** In a histogram each bucket also counts what the lower ones do. */
  private observe(labels: Labels, seconds: number): void {
    const name = 'generation_duration_seconds';
    for (const bound of DURATION_BUCKETS)
      this.counters.add(`${name}_bucket`, { ...labels, le: String(bound) }, seconds <= bound ? 1 : 0);
    this.counters.add(`${name}_bucket`, { ...labels, le: '+Inf' });
    this.counters.add(`${name}_sum`, labels, seconds);
    this.counters.add(`${name}_count`, labels);
  }
}

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
