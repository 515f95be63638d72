import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Config } from '../../../src/config/config.js';
import type { JobChanges } from '../../../src/jobs/job-changes.js';
import type { JobDto } from '../../../src/jobs/jobs.dto.js';
import { API_KEY } from '../facts/stub-tmdb.js';
import { type Documentation, Documented } from '../document/documented.js';
import { eventually } from '../run/eventually.ts';
import { guarded, type Guarded } from './one-connection.js';

export { eventually };

export type Settings = Record<string, string>;

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

interface Database {
  url: string;
  drop: () => Promise<void>;
}

/** A database cloned from the migrated template. */
export async function cloneDatabase(): Promise<Database> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = new URL(process.env.TEST_DATABASE_URL!);
  await asAdmin(`CREATE DATABASE ${name} TEMPLATE moviemind`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function asAdmin(statement: string): Promise<void> {
  const url = new URL(process.env.TEST_DATABASE_URL!);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // Two clones of one template at a time are refused; the lock makes them wait for each other.
    await client.query('SELECT pg_advisory_lock(1)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The document for clients does not depend on settings: one a file. */
let documented: Documented | undefined;

const configOf = (databaseUrl: string, settings: Settings) =>
  new PROGRAM.Config({
    DATABASE_URL: databaseUrl,
    QUEUE_CONNECTION: DRIVER,
    QUEUE_PREFIX: `test-${randomBytes(6).toString('hex')}`,
    ...(DRIVER === 'redis' && { REDIS_URL: process.env.TEST_REDIS_URL }),
    AUTH_REQUIRED: 'false',
    HOST_ALLOWED: 'x', // raw requests name it
    MOCK_LATENCY_MS: '0',
    GENERATION_BACKOFF_MS: '50',
    JOB_LEASE_MS: '3000',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    PORT: '0',
    ...factsOf(process.env.TEST_TMDB_URL),
    ...settings,
  });

/** Where facts are looked up in all tests. */
const factsOf = (url: string | undefined): Settings =>
  url ? { FACTS_PROVIDER: 'tmdb', TMDB_API_KEY: API_KEY, TMDB_BASE_URL: url } : {};

/**
 * The whole application over HTTP, on the driver under test, with a database and a key prefix of its own. Every
 * answer is held against the OpenAPI document: one that is not written down there fails the test, whatever the test
 * is about.
 */
export class TestServer {
  /** While a test has damaged the database: a 500, which is documented nowhere, is what it wants to see. */
  broken = false;

  private constructor(
    readonly url: string,
    readonly db: pg.Pool,
    readonly config: Config,
    readonly api: Documented,
    private readonly changes: JobChanges,
    private readonly pool: Guarded,
    private readonly end: () => Promise<void>,
  ) {}

  static async start(settings: Settings = {}, databaseUrl?: string): Promise<TestServer> {
    const database = databaseUrl ? { url: databaseUrl, drop: async () => undefined } : await cloneDatabase();
    try {
      return await TestServer.startOn(database, configOf(database.url, settings));
    } catch (error) {
      await database.drop();
      throw error;
    }
  }

  private static async startOn({ url, drop }: Database, config: Config): Promise<TestServer> {
    const app = await PROGRAM.createApp(config);
    const pool = guarded(app.get(PROGRAM.DataSource));
    await app.listen(0, '127.0.0.1').catch(async (error: unknown) => {
      await PROGRAM.closeApp(app);
      throw error;
    });
    const { port } = app.getHttpServer().address() as AddressInfo;
    const db = new pg.Pool({ connectionString: url, max: 3 });
    db.on('error', () => undefined);
    const end = async () => {
      await PROGRAM.closeApp(app);
      await db.end();
      await drop();
    };
    documented ??= new Documented(PROGRAM.openApiDocument(app) as unknown as Documentation);
    return new TestServer(`http://127.0.0.1:${port}`, db, config, documented, app.get(PROGRAM.JobChanges), pool, end);
  }

  async stop(): Promise<void> {
    await this.end();
    if (this.pool.greedy) throw this.pool.greedy;
  }

  /** Clients that wait for a job, by long polls and event streams. */
  get waiting(): number {
    return this.changes.waiting;
  }

  get<T = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<Answer<T>> {
    return this.ask<T>(path, { method: 'GET', headers });
  }

  post<T = JobDto>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return this.ask<T>(path, {
      method: 'POST',
      body: raw as string,
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  /** Any other request; without a body unless one is given. */
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<Answer<T>> {
    return this.ask<T>(path, { method, headers, ...(body !== undefined && { body }) });
  }

  private async ask<T>(path: string, request: RequestInit & { method: string }): Promise<Answer<T>> {
    const answer = await read<T>(await fetch(this.url + path, { redirect: 'manual', ...request }));
    const wanted = this.broken && answer.status === 500;
    const { basePath } = this.config;
    const address = basePath && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
    const faults = wanted ? [] : this.api.faultsOf(request.method, address, answer);
    if (faults.length > 0) throw new UndocumentedAnswer(faults, answer);
    return answer;
  }

  /** Submits and waits for a final state. */
  async generate(path: 'movies' | 'people', body: object, deadlineMs = 15_000): Promise<JobDto> {
    const accepted = await this.post(`/${path}/generate`, body);
    if (accepted.status !== 202) throw new Error(`not accepted: ${JSON.stringify(accepted.body)}`);
    return this.finished(accepted.body.job_id, deadlineMs);
  }

  /** By polls that are held: one for each job, and not one every few milliseconds. */
  finished(id: string, deadlineMs = 15_000, headers: Record<string, string> = {}): Promise<JobDto> {
    return eventually(async () => {
      const { body } = await this.get<JobDto>(`/jobs/${id}`, { prefer: 'wait=2', ...headers });
      return ['PENDING', 'IN_PROGRESS'].includes(body.status) ? undefined : body;
    }, deadlineMs);
  }

  async rows<T = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.db.query(text, values)).rows as T[];
  }
}

class UndocumentedAnswer extends Error {
  constructor(faults: string[], { body }: Answer<unknown>) {
    super(`${faults.join('\n')}\n${JSON.stringify(body).slice(0, 2000)}`);
  }
}

async function read<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const json = text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
}
