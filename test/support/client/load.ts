import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDto } from '../../../src/jobs/jobs.dto.js';
import type { JobStatus } from '../../../src/domain/vocabulary.js';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: JobDto;
  ms: number;
}

/** Further fields of the request. */
export interface More {
  deadline_seconds?: number;
  webhook_url?: string;
  webhook_events?: string[];
}

export type Subject = [subject: string, path?: 'movies' | 'people', more?: More];

/** A client that waits longer than this has been let down, milliseconds. */
const PATIENCE_MS = 15_000;
/** Requests a client has under way at once; beyond it, the rate is not held, and the count says so. */
const MAX_IN_FLIGHT = 200;
const TICK_MS = 20;

/** Clients of the API, with a ledger of their own: what they were answered, and what they saw of it later. */
export class Load {
  /** Ids of all 202 answers, and what was asked for. */
  readonly accepted = new Map<string, string>();
  /** Job and webhook_url of those that had one. */
  readonly subscribed: [jobId: string, url: string][] = [];
  readonly observed = new Map<string, JobStatus[]>();
  /** How often a retry was answered 202, by job. */
  readonly retried = new Map<string, number>();
  /** Answers to POST by status; `lost` for a connection that died. */
  readonly answers: Record<string, number> = {};
  /** Milliseconds of every answered POST. */
  readonly times: number[] = [];
  readonly pollTimes: number[] = [];
  /** 503 without Retry-After, a 500, a poll that knows no accepted job: what the contract forbids at any time. */
  readonly offences: string[] = [];
  /** Told of each accepted job. */
  onAccepted: (id: string) => void = () => undefined;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });
  private readonly urls: () => string[];
  private turn = 0;
  private inFlight = 0;

  constructor(urls: () => string[]) {
    this.urls = urls;
  }

  /** @returns the answer; `null` when the connection died */
  async submit(subject: string, path: 'movies' | 'people' = 'movies', more: More = {}): Promise<Reply | null> {
    const body = JSON.stringify({ [path === 'movies' ? 'title' : 'name']: subject, ...more });
    const reply = await this.ask('POST', `/${path}/generate`, body).catch(() => null);
    const kind = String(reply?.status ?? 'lost');
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
    if (!reply) return null;
    this.times.push(reply.ms);
    if (reply.status === 202) {
      this.accepted.set(reply.body.job_id, subject);
      if (more.webhook_url) this.subscribed.push([reply.body.job_id, more.webhook_url]);
      this.onAccepted(reply.body.job_id);
    } else if (reply.status !== 503) this.offend(`POST answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    else if (!reply.headers['retry-after']) this.offend('POST answered 503 without Retry-After');
    return reply;
  }

  /** @returns the answer; `null` when the connection died */
  async cancel(id: string): Promise<Reply | null> {
    const reply = await this.ask('POST', `/jobs/${id}/cancel`).catch(() => null);
    if (reply && ![200, 202, 409, 503].includes(reply.status)) this.offend(`cancel answered ${reply.status}`);
    return reply;
  }

  /** Has a FAILED job run again. @returns the answer; `null` when the connection died */
  async retry(id: string): Promise<Reply | null> {
    const reply = await this.ask('POST', `/jobs/${id}/retry`).catch(() => null);
    // An answer that was lost may have been a yes.
    if (!reply || reply.status === 202) this.retried.set(id, (this.retried.get(id) ?? 0) + 1);
    else if (![409, 503].includes(reply.status)) this.offend(`retry answered ${reply.status}`);
    return reply;
  }

  /** Polls once and notes the status. `null`: no answer. */
  async poll(id: string): Promise<JobDto | null> {
    const reply = await this.ask('GET', `/jobs/${id}`).catch(() => null);
    if (!reply) return null;
    this.pollTimes.push(reply.ms);
    if (reply.status === 503) return null;
    if (reply.status !== 200) {
      this.offend(`GET /jobs/${id} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
      return null;
    }
    const seen = this.observed.get(id) ?? [];
    if (seen.at(-1) !== reply.body.status) seen.push(reply.body.status);
    this.observed.set(id, seen);
    return reply.body;
  }

  /** Submits `rate` subjects a second, whatever becomes of them. @returns how many were asked for */
  async run(rate: number, seconds: number, next: (n: number) => Subject): Promise<number> {
    const started = Date.now();
    const under = new Set<Promise<unknown>>();
    let asked = 0;
    while (Date.now() - started < seconds * 1000) {
      const due = Math.floor(((Date.now() - started) / 1000) * rate);
      for (; asked < due && this.inFlight < MAX_IN_FLIGHT; asked++) {
        const one: Promise<unknown> = this.submit(...next(asked)).finally(() => under.delete(one));
        under.add(one);
      }
      await sleep(TICK_MS);
    }
    await Promise.all(under);
    return asked;
  }

  /** Keeps polling the jobs of `sample` in turn until `stopped` says so. */
  async watch(sample: () => string[], stopped: () => boolean, everyMs = TICK_MS): Promise<void> {
    for (let n = 0; !stopped(); n++) {
      const ids = sample();
      if (ids.length > 0) await this.poll(ids[n % ids.length]!);
      await sleep(everyMs);
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private offend(text: string): void {
    if (this.offences.length < 20) this.offences.push(text);
  }

  /** Each request goes to another API in turn. */
  private async ask(method: string, path: string, body?: string): Promise<Reply> {
    const urls = this.urls();
    const url = urls[this.turn++ % urls.length]!;
    const started = performance.now();
    this.inFlight++;
    try {
      return await new Promise<Reply>((answered, failed) => {
        const headers = body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {};
        const asked = request(url + path, { method, agent: this.agent, headers, timeout: PATIENCE_MS });
        asked.once('timeout', () => {
          this.offend(`${method} ${path} was not answered within ${PATIENCE_MS} ms`);
          asked.destroy(new Error('timeout'));
        });
        asked.once('error', failed);
        asked.once('response', (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.once('error', failed);
          response.once('aborted', () => failed(new Error('aborted')));
          response.once('end', () => {
            const ms = performance.now() - started;
            answered({ status: response.statusCode!, headers: response.headers, body: JSON.parse(text) as JobDto, ms });
          });
        });
        asked.end(body);
      });
    } finally {
      this.inFlight--;
    }
  }
}

/** The value below which `share` of the values lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
