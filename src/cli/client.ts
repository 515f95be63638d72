import { entityOfWord, kindOfWord } from '../domain/kinds.js';
import { randomUUID } from 'node:crypto';
import type { BatchAcceptedDto, BatchDto } from '../batches/batches.dto.js';
import type { ImportedListDto } from '../edits/import.dto.js';
import type { JobListDto } from '../jobs/job-list.dto.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import { isFinished } from '../domain/vocabulary.js';
import type { Changes } from './asking.js';
import { TimedOut } from './errors.js';
import { pause } from './interruption.js';
import type { Line } from './line.js';
import type { Kind } from './options.js';

/** Longest wait for an answer, milliseconds: a slow database may take a while for 500 items. */
const BATCH_ANSWER_MS = 60_000;
/** How long the server is asked to hold a poll while nothing changes, seconds. */
const HELD_SECONDS = 10;
const POLL_MS = 500;
/** Most rows that an answer of a list has. */
const PAGE = 100;

/** A part of a list. */
export interface Page<Row> {
  results: Row[];
  /** `null`: there is no more. */
  next_cursor: string | null;
}

/**
 * The API as the commands use it. Requests that make jobs carry an Idempotency-Key, so they are sent again until there
 * is an answer.
 */
export class Client {
  constructor(readonly line: Line) {}

  async submit(kind: Kind, body: object): Promise<JobDto> {
    const headers = { 'idempotency-key': randomUUID() };
    return (await this.line.ask<JobDto>({ path: `/${pathOf(kind)}/generate`, body, headers })).body;
  }

  /** All items or none. */
  async submitBatch(kind: Kind, items: object[]): Promise<BatchAcceptedDto> {
    const headers = { 'idempotency-key': randomUUID() };
    const path = `/${pathOf(kind)}/generate/batch`;
    const ask = { path, body: { items }, headers, answerMs: BATCH_ANSWER_MS, items: items.length };
    return (await this.line.ask<BatchAcceptedDto>(ask)).body;
  }

  /** Films or people of one's own: all items or none. What is there already changes nothing. */
  async bring(path: string, items: object[]): Promise<ImportedListDto> {
    const ask = { path, body: { items }, answerMs: BATCH_ANSWER_MS, items: items.length };
    return (await this.line.ask<ImportedListDto>(ask)).body;
  }

  job(id: string): Promise<JobDto> {
    return this.get<JobDto>(`/jobs/${encodeURIComponent(id)}`);
  }

  async retry(id: string): Promise<JobDto> {
    const headers = { 'idempotency-key': randomUUID() };
    return (await this.line.ask<JobDto>({ path: `/jobs/${encodeURIComponent(id)}/retry`, method: 'POST', headers }))
      .body;
  }

  jobs(kind: Kind, cursor: string | null): Promise<JobListDto> {
    const query = new URLSearchParams({ entity: entityOfWord(kind), limit: '100', ...(cursor && { cursor }) });
    return this.get<JobListDto>(`/jobs?${query.toString()}`);
  }

  /** The newest job that waits for a worker; `undefined`: none does. */
  async waiting(kind: Kind): Promise<JobDto | undefined> {
    const { results } = await this.get<JobListDto>(`/jobs?entity=${entityOfWord(kind)}&status=PENDING&limit=1`);
    return results[0];
  }

  batch(id: string): Promise<BatchDto> {
    return this.get<BatchDto>(`/batches/${id}`);
  }

  /** Waits by polls that the server holds. @throws TimedOut at the deadline */
  async finished(id: string, onChange: (job: JobDto) => void): Promise<JobDto> {
    const path = `/jobs/${encodeURIComponent(id)}`;
    for (let known = ''; ;) {
      const began = Date.now();
      const seconds = Math.min(HELD_SECONDS, Math.ceil((this.line.deadline - began) / 1000));
      const preferences = { prefer: `wait=${Math.max(1, seconds)}`, ...(known && { 'if-none-match': known }) };
      const { status, headers, body } = await this.line.ask<JobDto>({ path, headers: preferences });
      if (status !== 304) {
        onChange(body);
        if (isFinished(body.status)) return body;
        known = headers.get('etag') ?? '';
      }
      if (Date.now() >= this.line.deadline)
        throw new TimedOut(`job ${id} is not finished in time; ${this.continuationHint(id)}`);
      if (Date.now() - began < POLL_MS) await pause(POLL_MS, this.line.signal);
    }
  }

  /** A sentence that says what happens to the job after the command has ended. */
  continuationHint(id: string): string {
    return this.line.alone
      ? `it goes on at the next start (npm start), see npx moviemind job ${id}`
      : `it goes on: npx moviemind job ${id}`;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.line.ask<T>({ path })).body;
  }

  /** A request that may be sent twice. */
  async act<T>(path: string, body?: object, method: Changes = 'POST'): Promise<T> {
    return (await this.line.ask<T>({ path, method, body })).body;
  }

  /** The rows at the begin of a list, page by page, until there are so many as wanted. */
  async list<Row>(path: string, filter: Record<string, string | undefined>, most: number): Promise<Page<Row>> {
    const results: Row[] = [];
    for (let cursor: string | null = null; ;) {
      const query = new URLSearchParams({ limit: String(Math.min(PAGE, most - results.length)) });
      for (const [name, value] of Object.entries({ ...filter, cursor })) if (value) query.set(name, value);
      const page: Page<Row> = await this.get<Page<Row>>(`${path}?${query.toString()}`);
      results.push(...page.results);
      cursor = page.next_cursor;
      if (cursor === null || results.length >= most) return { results, next_cursor: cursor };
    }
  }
}

const pathOf = (kind: Kind) => kindOfWord(kind).path;
