import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type pg from 'pg';
import type { Documented } from '../support/document/documented.ts';
import { eventually } from '../support/run/eventually.ts';
import { recorded } from '../support/ledger/evidence.ts';
import { type Breach, breaches } from '../support/ledger/invariants.ts';
import type { Answer } from '../support/server/server.ts';
import { anyRequest, type Drawn } from './requests.ts';
import { curlOf, Sender, type Sent } from './sender.ts';

export interface FuzzOptions {
  url: string;
  db: pg.Pool;
  api: Documented;
  /** Of scope admin. */
  key: string;
  seed: number;
  requests: number;
  /** GENERATION_TRIES of the server. */
  tries: number;
  onProgress?: (sent: number, faults: number) => void;
}

export interface Fault {
  /** What was wrong with the answer. */
  fault: string;
  /** The smallest request found that shows it. */
  curl: string;
  answer: string;
}

export interface FuzzReport {
  seed: number;
  requests: number;
  seconds: number;
  /** Answers by status. */
  answers: Record<string, number>;
  /** Requests by operation. */
  operations: Record<string, number>;
  accepted: number;
  jobs: Record<string, number>;
  faults: Fault[];
  /** Of the invariants: nothing accepted was lost. */
  breaches: Breach[];
}

/** Clients that send at the same time. */
const LANES = 16;
/** Tries to make a failing request smaller. */
const SHRINKS = 150;
const SETTLED_WITHIN_MS = 120_000;
/** A busy machine may be unavailable for so long; what is still unavailable then is wrong, milliseconds. */
const PATIENCE_MS = 20_000;

/**
 * Sends seeded requests to every operation of the document, and holds every answer and then the ledger against what
 * was promised.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const run = new Fuzz(options);
  try {
    return await run.report();
  } finally {
    run.sender.close();
  }
}

class Fuzz {
  readonly sender: Sender;
  private readonly options: FuzzOptions;
  private readonly faults = new Map<string, Fault>();
  private readonly answers: Record<string, number> = {};
  private readonly operations: Record<string, number> = {};
  private readonly accepted = new Set<string>();
  private forgotten = 0;
  private sent = 0;

  constructor(options: FuzzOptions) {
    this.options = options;
    this.sender = new Sender(options.url);
  }

  async report(): Promise<FuzzReport> {
    const { db, seed, requests } = this.options;
    const started = performance.now();
    await Promise.all(Array.from({ length: LANES }, (_, lane) => this.lane(lane, Math.ceil(requests / LANES))));
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    await this.resumeQueues();
    await settled(db);
    const { rows } = await db.query<{ status: string; count: number }>(
      'SELECT status, count(*)::int FROM generation_jobs GROUP BY 1 ORDER BY 1',
    );
    return {
      seed,
      requests: this.sent,
      seconds,
      answers: this.answers,
      operations: this.operations,
      accepted: this.accepted.size,
      jobs: Object.fromEntries(rows.map(({ status, count }) => [status, count])),
      faults: [...this.faults.values()],
      breaches: await this.breaches(),
    };
  }

  /** One client after the other's pattern: goes on after a fault, which is reported once. */
  private async lane(lane: number, requests: number): Promise<void> {
    const drawn = anyRequest(this.options.api, this.options.key);
    for (let left = requests, round = 0; left > 0; round++) {
      let shrinks = 0;
      let found: (Fault & { kind: string }) | undefined;
      const property = fc.asyncProperty(drawn, async (request) => {
        if (found && ++shrinks > SHRINKS) return;
        const fault = await this.try(request);
        // While the request is made smaller, only the same fault counts.
        if (!fault || this.faults.has(fault.kind) || (found && found.kind !== fault.kind)) return;
        found = fault;
        throw new Error(fault.fault);
      });
      const seed = this.options.seed + lane * 100_003 + round;
      const { numRuns, failed, errorInstance } = await fc.check(property, { seed, numRuns: left });
      if (failed && !found) throw errorInstance;
      if (found) this.faults.set(found.kind, { fault: found.fault, curl: found.curl, answer: found.answer });
      left -= numRuns;
    }
  }

  private async try(drawn: Drawn): Promise<(Fault & { kind: string }) | undefined> {
    const sent = this.sender.concrete(drawn);
    const { operationId } = drawn.operation;
    this.operations[operationId] = (this.operations[operationId] ?? 0) + 1;
    const answer = await this.answerTo(sent).catch((error: Error) => error.message);
    const named = (fault: string) => ({
      kind: `${operationId} ${sent.method} ${fault.replace(/["'].*|[\da-f-]{36}|\/\d+/gs, '')}`,
      fault: `${operationId}: ${fault}`,
      curl: curlOf(this.options.url, sent),
      answer: typeof answer === 'string' ? answer : `${answer.status} ${JSON.stringify(answer.body).slice(0, 500)}`,
    });
    if (typeof answer === 'string') return named(`no answer: ${answer}`);
    this.note(sent, answer);
    if (sent.address.includes('/pause')) await this.resumeQueues();
    const [fault] = this.faultsOf(drawn, sent, answer);
    return fault === undefined ? undefined : named(fault);
  }

  /** Sends it again for a while, where the answer asks for that. */
  private async answerTo(sent: Sent): Promise<Answer<unknown>> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.sender.send(sent);
      this.sent++;
      this.options.onProgress?.(this.sent, this.faults.size);
      this.answers[answer.status] = (this.answers[answer.status] ?? 0) + 1;
      const asked = answer.status === 503 && Number(answer.headers.get('retry-after'));
      const faults = this.options.api.faultsOf(sent.method, sent.address, answer);
      if (!asked || faults.length > 0 || performance.now() > until) return answer;
      await sleep(asked * 1000);
    }
  }

  private faultsOf({ operation }: Drawn, sent: Sent, answer: Answer<unknown>): string[] {
    const { api } = this.options;
    const own = api.operationAt(sent.method, sent.address);
    const asked = sent.headers['x-request-id'];
    const echo = answer.headers.get('x-request-id');
    return [
      ...(answer.status >= 500 && !isBusy(own, answer) ? [`answered ${answer.status}`] : []),
      ...api.faultsOf(sent.method, sent.address, answer),
      ...(asked && /^[A-Za-z0-9][\w.:-]{0,127}$/.test(asked) && echo !== asked && answer.status !== 431
        ? [`X-Request-Id ${asked} came back as ${echo}`]
        : []),
      ...(own === operation && answer.status < 300 ? this.wronglyTaken(sent, own.requestBody) : []),
    ];
  }

  /** A body that was taken although the document forbids it. */
  private wronglyTaken({ body }: Sent, documented: Drawn['operation']['requestBody']): string[] {
    if (!body || !documented) return [];
    try {
      const misfits = this.options.api.misfits(documented.content['application/json'].schema, parsed(body));
      return misfits.slice(0, 1).map((misfit) => `took a body that it forbids:${misfit}`);
    } catch {
      return ['took a body that is no JSON'];
    }
  }

  /** Remembers what to ask for later, and what was promised. */
  private note({ method, address }: Sent, answer: Answer<unknown>): void {
    this.sender.known.learn(answer);
    if (answer.status === 202) for (const id of idsIn(answer.body)) this.accepted.add(id);
    if (method !== 'DELETE' || !address.startsWith('/admin/failed-jobs')) return;
    if (answer.status === 204) this.forgotten++;
    if (answer.status === 200) this.forgotten += (answer.body as { forgotten: number }).forgotten;
  }

  /** What was paused on the way goes on, or nothing would end. */
  private async resumeQueues(): Promise<void> {
    const resume = this.options.api.operations.find(({ path }) => path === '/admin/queues/{name}/resume');
    if (!resume) return;
    for (const name of resume.parameters[0]!.schema.enum as string[]) {
      const headers = { authorization: `Bearer ${this.options.key}` };
      await this.sender.send({ method: 'POST', address: resume.path.replace(/\{\w+\}/, name), headers });
    }
  }

  private async breaches(): Promise<Breach[]> {
    const ledger = await recorded(this.options.db);
    const known = new Set(ledger.rows.map(({ id }) => id));
    const missing = [...this.accepted].filter((id) => !known.has(id));
    // Jobs that operators forgot have no row any more; how many, the answers said.
    const accepted =
      missing.length <= this.forgotten ? [...this.accepted].filter((id) => known.has(id)) : this.accepted;
    const rows = ledger.rows.map((row) => ({ ...row, subject: inText(row.subject) }));
    const seen = { observed: new Map(), calls: new Map(), subscribed: [], taken: new Set<string>() };
    const found = breaches({ ...ledger, rows, tries: this.options.tries, accepted, ...seen });
    // What operators retry gets all of its tries again; nobody listens at the addresses that were made up.
    const others = found.filter(({ invariant }) => !['model calls', 'told'].includes(invariant));
    return others.filter(({ detail }) => !detail.startsWith('began anew'));
  }
}

/** What of a subject its text contains: one space for any, nothing of a slug, and no tag. */
const inText = (subject: string) =>
  /^[a-z0-9-]+$|<[A-Za-z!?][^<]*[>=]/.test(subject) ? '' : subject.replace(/\s+/g, ' ');

async function settled(db: pg.Pool): Promise<void> {
  const active = `SELECT 1 FROM generation_jobs WHERE status IN ('PENDING', 'IN_PROGRESS') LIMIT 1`;
  // What is not settled by then is a breach: the checker says which.
  await eventually(async () => (await db.query(active)).rows.length === 0, SETTLED_WITHIN_MS).catch(() => undefined);
}

const idsIn = (body: unknown): string[] => {
  const { job_id, jobs = [] } = body as { job_id?: string; jobs?: { job_id: string }[] };
  return [...(job_id ? [job_id] : []), ...jobs.map((job) => job.job_id)];
};

/** Titles and names are trimmed and composed before they are measured. */
const parsed = (body: Buffer): unknown =>
  JSON.parse(new TextDecoder().decode(body), (_, value: unknown) =>
    typeof value === 'string' ? value.trim().normalize('NFC') : value,
  );

/**
 * Whether a 503 is no fault: some requests are as many at once as the document lets, and on a busy machine PostgreSQL
 * may not tell in time that it is ready.
 */
const isBusy = (operation: { operationId: string } | undefined, { status, body }: Answer<unknown>) =>
  status === 503 &&
  (operation?.operationId === 'getReadiness' ||
    (body as { type?: string } | null)?.type === 'urn:moviemind:problem:busy');
