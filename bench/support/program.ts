import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { Child } from './child.ts';
import { type Contender, type Done, OURS } from './contender.ts';
import { countOf, doneIn, newDatabase } from './databases.ts';
import { atEnd } from './ending.ts';
import type { Surroundings } from './services.ts';

const MAIN = resolve('dist/src/main.js');
/** The same, each module by itself, so that a profile tells them apart. */
const MODULES_MAIN = resolve('dist/modules/src/main.js');
/** As `npm start` and the image have it. */
const NODE_ARGUMENTS = ['--max-semi-space-size=8'];
const WORKER_READY = /MovieMind is ready/;
const API_READY = /MovieMind is ready[\s\S]*?address +http:\/\/[^:]+:(\d+)/;
const WAITING_IN_POSTGRES = `SELECT count(*)::int AS n FROM generation_jobs
  WHERE status = 'PENDING' AND dispatched_at IS NOT NULL`;

export interface Options {
  driver: 'redis' | 'database';
  /** Other than the model over HTTP: its own mock, which answers at once too. */
  mock?: boolean;
}

/** The program as it is built: an API and a worker, each a process of its own, without limits of rates. */
export class Program implements Contender {
  readonly name: string;
  db: pg.Pool;
  private readonly prefix: string;
  private redis: Redis;
  private env: Record<string, string>;
  private profile: string | undefined;
  private readonly options: Options;

  private constructor(section: string, options: Options) {
    this.name = nameOf(options);
    this.options = options;
    this.prefix = `${section}-${this.name.toLowerCase().replaceAll(/\W+/g, '-')}`;
  }

  /** @param section what it is measured for: its database and its keys are for that alone */
  static async on({ services, model, scale }: Surroundings, section: string, options: Options): Promise<Program> {
    const own = new Program(section, options);
    const { url, db } = await newDatabase(services.postgres.url, own.prefix);
    own.db = db;
    own.profile = scale.profile && `${scale.profile}/${own.prefix}`;
    own.redis = new Redis(services.redis.url);
    atEnd(async () => own.redis.disconnect());
    own.env = {
      DATABASE_URL: url,
      QUEUE_CONNECTION: options.driver,
      ...(options.driver === 'redis' && { REDIS_URL: services.redis.url, QUEUE_PREFIX: own.prefix }),
      AUTH_REQUIRED: 'false',
      HOST: '127.0.0.1',
      PORT: '0',
      MAX_UNFINISHED_JOBS: '0',
      // As it runs where many requests come: each job's lines are of level info.
      LOG_LEVEL: 'warn',
      ...(options.mock
        ? { AI_SERVICE: 'mock', MOCK_LATENCY_MS: '0' }
        : { AI_SERVICE: 'openai', OPENAI_BASE_URL: model, OPENAI_API_KEY: 'bench-0123456789' }),
    };
    return own;
  }

  startApi(): Promise<Child> {
    return this.start({ ROLE: 'api' }, API_READY);
  }

  startWorker(concurrency: number): Promise<Child> {
    return this.start({ ROLE: 'worker', WORKER_CONCURRENCY: String(concurrency) }, WORKER_READY);
  }

  kept(ids: string[]): Promise<number> {
    return countOf(this.db, 'generation_jobs', ids);
  }

  async queued(): Promise<number> {
    const { rows } = await this.db.query<{ n: number }>(WAITING_IN_POSTGRES);
    if (this.options.driver === 'database') return rows[0]!.n;
    return Math.min(rows[0]!.n, await this.redis.llen(`${this.prefix}:movies:wait`));
  }

  done(ids: string[]): Promise<Done> {
    return doneIn(this.db, 'generation_jobs', ids);
  }

  private start(more: Record<string, string>, ready: RegExp): Promise<Child> {
    const profiling = this.profile ? ['--cpu-prof', `--cpu-prof-dir=${this.profile}`] : [];
    const nodeArguments = [...NODE_ARGUMENTS, ...profiling];
    return Child.start(this.profile ? MODULES_MAIN : MAIN, { env: { ...this.env, ...more }, ready, nodeArguments });
  }
}

const nameOf = ({ driver, mock }: Options) =>
  `${OURS}${driver === 'database' ? ' on PostgreSQL' : ''}${mock ? ' (mock)' : ''}`;
