import type { Job, Problem } from './generated/index.js';

/** The server refused the request. It carries the problem document (RFC 9457), typed. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;

  constructor(
    readonly problem: Problem,
    /** Seconds the server asked to wait; `null`: it did not ask. */
    readonly retryAfter: number | null,
  ) {
    const fields = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    super(fields ? `${problem.detail} ${fields}` : problem.detail);
    this.status = problem.status;
  }
}

/** The job ended without a text: FAILED (see `job.error`), CANCELLED or EXPIRED. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';

  constructor(readonly job: Job) {
    super(`Job ${job.job_id} ended ${job.status}${job.error ? `: ${job.error.type}, ${job.error.message}` : ''}`);
  }
}

/** The client stopped waiting; the job itself goes on. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';

  constructor(what: string, timeoutMs: number) {
    super(`${what} is not finished after ${timeoutMs} ms; it goes on`);
  }
}

/**
 * There was no answer after all repetitions: the network failed, or something between client and server. `cause` is the
 * error of `fetch`.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}
