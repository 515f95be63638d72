import { JobFailed } from './errors.js';
import type { Client } from './generated/client/index.js';
import { cancelJob, type Job, type JobResult } from './generated/index.js';
import { finished, isFinished, within, type WaitOptions } from './wait.js';

/** A job that is DONE has its result. */
export type DoneJob = Job & { status: 'DONE'; result: JobResult };

/** One text that was requested. The request is sent by the call that makes this object. */
export class Generation {
  /** The job as it was accepted. */
  readonly job: Promise<Job>;

  constructor(
    private readonly client: Client,
    accepted: Promise<Job>,
  ) {
    this.job = accepted;
    // Callers that wait get the error. When nobody waits, the rejection must not end the process.
    this.job.catch(() => undefined);
  }

  /** @throws JobFailed when it ends in any other state than DONE, WaitTimeout, ProblemError, ConnectionError */
  wait(options: WaitOptions = {}): Promise<DoneJob> {
    return within('The job', options, async (signal) => {
      const job = await orAborted(this.job, signal);
      const end = isFinished(job) ? job : await finished(this.client, job.job_id, options, signal);
      if (!isDone(end)) throw new JobFailed(end);
      return end;
    });
  }

  /** @returns the job, CANCELLED @throws ProblemError 409 when it is finished */
  async cancel(): Promise<Job> {
    const { job_id } = await this.job;
    const { data } = await cancelJob({ client: this.client, path: { id: job_id }, throwOnError: true });
    return data;
  }
}

const isDone = (job: Job): job is DoneJob => job.status === 'DONE' && job.result !== null;

/** Settles with whichever comes first: the value, or the abort of the signal. */
export async function orAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
