import { orAborted } from './generation.js';
import type { Client } from './generated/client/index.js';
import { type BatchAccepted, getBatch, getJob, type Job } from './generated/index.js';
import { pause, retryAfterOf } from './resend.js';
import { isFinished, POLL_MS, within, type WaitOptions } from './wait.js';

/** How many jobs are read at the same time. */
const READERS = 8;

/** Many texts that were requested at once, all or nothing. */
export class BatchGeneration {
  readonly id: Promise<string>;
  /** The job of each item, in the order of the items; equal items share one. */
  readonly jobs: Promise<Job[]>;

  constructor(
    private readonly client: Client,
    accepted: Promise<BatchAccepted>,
  ) {
    this.id = accepted.then(({ batch_id }) => batch_id);
    this.jobs = accepted.then(({ jobs }) => jobs);
    for (const promise of [this.id, this.jobs]) promise.catch(() => undefined);
  }

  /**
   * Sends one request a second, however many jobs there are. `onUpdate` is called once for each job, when it has ended.
   * @returns the finished jobs in the order of the items: check each `status`, which may be other than DONE
   * @throws WaitTimeout, ProblemError, ConnectionError
   */
  wait(options: WaitOptions = {}): Promise<Job[]> {
    return within('The batch', options, async (signal) => {
      const id = await orAborted(this.id, signal);
      const jobs = await this.jobs;
      await this.done(id, signal);
      return this.finished(jobs, options, signal);
    });
  }

  private async done(id: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const { data, response } = await getBatch({ client: this.client, path: { id }, signal, throwOnError: true });
      if (data.done) return;
      await pause((retryAfterOf(response) ?? 0) * 1000 || POLL_MS, signal);
    }
  }

  private async finished(jobs: Job[], { onUpdate }: WaitOptions, signal: AbortSignal): Promise<Job[]> {
    const ended = new Map(jobs.filter(isFinished).map((job) => [job.job_id, job]));
    const left = new Set(jobs.map(({ job_id }) => job_id).filter((id) => !ended.has(id))).values();
    const read = async () => {
      for (const id of left) {
        const { data } = await getJob({ client: this.client, path: { id }, signal, throwOnError: true });
        onUpdate?.(data);
        ended.set(id, data);
      }
    };
    await Promise.all(Array.from({ length: READERS }, read));
    return jobs.map(({ job_id }) => ended.get(job_id)!);
  }
}
