import { MAX_ITEMS } from '../batches/batches.dto.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import { ACTIVE_STATUSES } from '../domain/vocabulary.js';
import { Client } from './client.js';
import { Refused, TimedOut } from './errors.js';
import { pause } from './interruption.js';
import { itemsNamed } from './items-named.js';
import type { Outcome, Outcomes } from './outcomes.js';
import type { Progress } from './progress.js';

/**
 * Pause between two rounds of polls, milliseconds, and the pause after each batch in a round. So there are at most 240
 * polls a minute, and a few more for holds, of the 600 that a key has.
 */
const LOOK_MS = 500;
const LOOK_EACH_MS = 250;
/** How often it is looked for what holds up the jobs, milliseconds. */
const HOLD_LOOK_MS = 2000;
/** Additional pages of the list to read, because it may contain jobs of other requests. */
const SPARE_PAGES = 10;

/**
 * Sends the lines of a file and follows their jobs:
 * 1. It sends batches one after the other. The rate limit admits a batch whole and makes the next one wait.
 * 2. Meanwhile the counts of the batches show the progress of their jobs.
 * 3. At the end it reads the jobs, a hundred at a time.
 */
export class FileRun {
  private readonly batches = new Set<string>();
  private sent = false;
  private askedAt = 0;
  /** Stops both halves once one of them has failed. */
  private readonly over = new AbortController();
  private readonly client: Client;

  constructor(
    client: Client,
    private readonly outcomes: Outcomes,
    private readonly progress: Progress,
  ) {
    this.client = new Client(client.line.endedBy(this.over.signal));
  }

  /** @throws the error that ended the run before all lines were finished */
  async run(): Promise<void> {
    try {
      await Promise.all([this.sendAll(), this.follow()]);
    } catch (error) {
      this.over.abort(error);
      throw error;
    }
    await this.collect(this.client);
  }

  private async sendAll(): Promise<void> {
    const rest = this.outcomes.toSend;
    while (rest.length > 0) await this.send(rest.splice(0, MAX_ITEMS));
    this.sent = true;
  }

  /** Leaves the refused items out of the batch and sends the rest. */
  private async send(items: Outcome[]): Promise<void> {
    if (items.length === 0) return;
    try {
      const bodies = items.map(({ body }) => body);
      const { batch_id, jobs } = await this.client.submitBatch(this.outcomes.kind, bodies);
      items.forEach((item, n) => (item.job = jobs[n]));
      this.batches.add(batch_id);
      this.outcomes.count(batch_id, 0, 0);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      for (const part of this.without(items, error)) await this.send(part);
    }
  }

  /** @returns what to send instead @throws the refusal when it names none of the items */
  private without(items: Outcome[], refusal: Refused): Outcome[][] {
    const wrong = itemsNamed(refusal.problem!);
    if (wrong.size > 0) {
      for (const [n, why] of wrong) if (items[n]) items[n].refused = why;
      this.show();
      return [items.filter(({ refused }) => refused === undefined)];
    }
    // The body is too large, or the key may not have so many jobs at a time.
    if (![413, 429].includes(refusal.status) || items.length === 1) throw refusal;
    const half = Math.ceil(items.length / 2);
    return [items.slice(0, half), items.slice(half)];
  }

  private async follow(): Promise<void> {
    while (!(this.sent && this.batches.size === 0)) {
      await pause(LOOK_MS, this.client.line.signal);
      if (this.sent && Date.now() > this.client.line.deadline)
        throw notInTime(this.outcomes.total - this.outcomes.done);
      for (const id of this.batches) await this.look(id);
      if (Date.now() - this.askedAt > HOLD_LOOK_MS) await this.lookForHold();
      this.show();
    }
  }

  /** What holds up one job that waits holds up all of its kind. */
  private async lookForHold(): Promise<void> {
    this.askedAt = Date.now();
    const job = await this.client.waiting(this.outcomes.kind);
    this.progress.notice('hold', job?.hold?.message ?? null);
  }

  private async look(id: string): Promise<void> {
    const { counts, done } = await this.client.batch(id);
    const ended = Object.entries(counts).filter(([status]) => !(ACTIVE_STATUSES as readonly string[]).includes(status));
    const failed = ended.reduce((sum, [status, count]) => sum + (status === 'DONE' ? 0 : count), 0);
    this.outcomes.count(id, counts.DONE, failed);
    if (done) this.batches.delete(id);
    await pause(LOOK_EACH_MS, this.client.line.signal);
  }

  /** Reads the states of the jobs from the list. Jobs that existed before are read one by one. */
  async collect(client: Client): Promise<void> {
    const wanted = new Map<string, Outcome[]>();
    for (const outcome of this.outcomes.open) {
      const id = outcome.job!.job_id;
      wanted.set(id, [...(wanted.get(id) ?? []), outcome]);
    }
    const take = (job: JobDto) => {
      for (const outcome of wanted.get(job.job_id) ?? []) outcome.job = job;
      wanted.delete(job.job_id);
    };
    try {
      await this.readList(client, wanted, take);
      for (const id of wanted.keys()) take(await client.job(id));
    } finally {
      this.outcomes.collected();
    }
  }

  /** Newest first: the ids are in the order of time. */
  private async readList(client: Client, wanted: Map<string, unknown>, take: (job: JobDto) => void): Promise<void> {
    const oldest = [...wanted.keys()].sort()[0];
    const pages = Math.ceil(wanted.size / 100) + SPARE_PAGES;
    let cursor: string | null = null;
    for (let page = 0; page < pages && wanted.size > 0; page++) {
      const { results, next_cursor } = await client.jobs(this.outcomes.kind, cursor);
      results.forEach(take);
      cursor = next_cursor;
      if (cursor === null || results.at(-1)!.job_id < oldest!) return;
    }
  }

  private show(): void {
    this.progress.update(this.outcomes.done, this.outcomes.failed);
  }
}

const notInTime = (lines: number) => new TimedOut(`the time of --timeout is over, and lines not written: ${lines}`);
