import { setTimeout as sleep } from 'node:timers/promises';
import { cappedFetch } from '../http/capped-fetch.js';
import type { Problem } from '../http/problem.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import { ACTIVE_STATUSES } from '../jobs/vocabulary.js';
import type { Kind } from './options.js';

/** The command cannot go on. The message is one line and says what to do. */
export class CliError extends Error {}

/** The server refused this one request. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    const fields = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    super(fields ?? problem.detail);
  }
}

/** Whatever listens at that address. The largest answer of a server of ours has a few MiB. */
const fetch = cappedFetch(32 * 1024 * 1024);
const PATIENCE_MS = 60_000;
const POLL_MS = 500;

export const isFinished = (job: JobDto) => !(ACTIVE_STATUSES as readonly string[]).includes(job.status);

/** The API as the commands use it. A server that is busy or away for a moment is asked again, within a minute. */
export class Client {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  submit(kind: Kind, body: object): Promise<JobDto> {
    return this.request<JobDto>(kind === 'movie' ? '/movies/generate' : '/people/generate', body);
  }

  job(id: string): Promise<JobDto> {
    return this.request<JobDto>(`/jobs/${encodeURIComponent(id)}`);
  }

  /** @throws CliError when it takes longer than `timeoutSeconds`; the job itself goes on. */
  async finished(
    job: JobDto,
    timeoutSeconds: number,
    onChange: (job: JobDto) => void = () => undefined,
  ): Promise<JobDto> {
    for (const deadline = Date.now() + timeoutSeconds * 1000; Date.now() < deadline; await sleep(POLL_MS)) {
      const now = await this.job(job.job_id);
      onChange(now);
      if (isFinished(now)) return now;
    }
    throw new CliError(
      `job ${job.job_id} is not finished after ${timeoutSeconds} s; it goes on: npx moviemind job ${job.job_id}`,
    );
  }

  get<T>(path: string): Promise<T> {
    return this.request<T>(path);
  }

  /** A request that says everything by its address. */
  act<T>(path: string): Promise<T> {
    return this.request<T>(path, undefined, 'POST');
  }

  private async request<T>(path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      const response = await this.send(path, method, body).catch((error: Error) => error);
      if (!(response instanceof Error)) {
        const answer = (await response.json().catch(() => {
          throw new CliError(`${this.url} answers ${response.status}, but not as MovieMind does; is that its address?`);
        })) as T & Problem;
        if (response.ok) return answer;
        if (response.status === 401) {
          const wanted = this.token ? 'does not know this key' : 'wants a key';
          throw new CliError(`${this.url} ${wanted}: pass --token or set MOVIEMIND_TOKEN`);
        }
        if (response.status === 403) throw new CliError(`${this.url}: ${answer.detail}`);
        if (response.status !== 429 && response.status !== 503) throw new Refused(answer);
      }
      if (Date.now() > deadline) throw new CliError(`${this.url} does not answer; is the server running?`);
      await sleep(1000);
    }
  }

  private send(path: string, method: string, body?: object): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(this.token && { authorization: `Bearer ${this.token}` }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
  }
}
