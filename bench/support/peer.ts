import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { Child } from './child.ts';
import type { Contender, Done } from './contender.ts';
import { countOf, doneIn, newDatabase } from './databases.ts';
import { atEnd } from './ending.ts';
import type { Surroundings } from './services.ts';

const READY = /READY ?(\d*)/;
/** Keys asked for in one round trip. */
const AT_ONCE = 1000;

export interface PeerOptions {
  name: string;
  /** Of bench/peers/. */
  script: string;
  mode: string;
  /** Where a worker finds its jobs. */
  queue: 'bullmq' | 'graphile';
  /** Whether each job has a row; else it is in the queue alone. */
  rows: boolean;
  /** Makes its tables itself. */
  ownSchema?: boolean;
}

/** What people would write instead: bench/peers/. */
export class Peer implements Contender {
  readonly name: string;
  db: pg.Pool;
  redis: Redis;
  private url: string;
  private readonly surroundings: Surroundings;
  private readonly options: PeerOptions;
  private readonly prefix: string;

  private constructor(surroundings: Surroundings, section: string, options: PeerOptions) {
    this.name = options.name;
    this.surroundings = surroundings;
    this.options = options;
    this.prefix = `${section}-${options.mode}`;
  }

  /** @param section what it is measured for: its database and its keys are for that alone */
  static async on(surroundings: Surroundings, section: string, options: PeerOptions): Promise<Peer> {
    const { services } = surroundings;
    const own = new Peer(surroundings, section, options);
    const { url, db } = await newDatabase(services.postgres.url, own.prefix);
    Object.assign(own, { url, db });
    if (!options.ownSchema) await db.query(readFileSync(resolve('bench/peers/schema.sql'), 'utf8'));
    own.redis = new Redis(services.redis.url);
    atEnd(async () => own.redis.disconnect());
    return own;
  }

  startApi(): Promise<Child> {
    return this.start({ ROLE: 'api' });
  }

  startWorker(concurrency: number): Promise<Child> {
    return this.start({ ROLE: 'worker', CONCURRENCY: String(concurrency) });
  }

  async kept(ids: string[]): Promise<number> {
    return this.options.rows ? countOf(this.db, 'jobs', ids) : this.inRedis(ids);
  }

  async queued(): Promise<number> {
    if (this.options.queue === 'bullmq') return this.redis.llen(`${this.prefix}:films:wait`);
    const { rows } = await this.db.query<{ n: number }>('SELECT count(*)::int AS n FROM graphile_worker._private_jobs');
    return rows[0]!.n;
  }

  async done(ids: string[]): Promise<Done> {
    return this.options.rows ? doneIn(this.db, 'jobs', ids) : this.doneInRedis(ids);
  }

  private keyOf(id: string): string {
    return `${this.prefix}:films:${id}`;
  }

  private async inRedis(ids: string[]): Promise<number> {
    let count = 0;
    for (let n = 0; n < ids.length; n += AT_ONCE)
      count += await this.redis.exists(...ids.slice(n, n + AT_ONCE).map((id) => this.keyOf(id)));
    return count;
  }

  /** By the worker's clock, to a millisecond. */
  private async doneInRedis(ids: string[]): Promise<Done> {
    const done: Done = new Map();
    for (let n = 0; n < ids.length; n += AT_ONCE) {
      const some = ids.slice(n, n + AT_ONCE);
      const pipeline = this.redis.pipeline();
      for (const id of some) pipeline.hget(this.keyOf(id), 'finishedOn');
      const answers = (await pipeline.exec()) ?? [];
      for (const [place, [, at]] of answers.entries()) if (at) done.set(some[place]!, Number(at) + 0.5);
    }
    return done;
  }

  private start(more: Record<string, string>): Promise<Child> {
    const { script, mode } = this.options;
    const { services, model } = this.surroundings;
    const env = {
      DATABASE_URL: this.url,
      REDIS_URL: services.redis.url,
      MODEL_URL: model,
      MODE: mode,
      PREFIX: this.prefix,
      NODE_ENV: 'production',
    };
    return Child.start(resolve(script), { env: { ...env, ...more }, ready: READY, talks: true });
  }
}

export const ROW_FIRST: PeerOptions = {
  name: 'Fastify + BullMQ + pg, row first',
  script: 'bench/peers/fastify-bullmq.ts',
  mode: 'row-first',
  queue: 'bullmq',
  rows: true,
};
export const CARELESS: PeerOptions = {
  name: 'Fastify + BullMQ, careless',
  script: 'bench/peers/fastify-bullmq.ts',
  mode: 'careless',
  queue: 'bullmq',
  rows: false,
};
export const NEST: PeerOptions = {
  name: 'NestJS as in tutorials',
  script: 'dist/bench/peers/nest.js',
  mode: 'nest',
  queue: 'bullmq',
  rows: true,
  ownSchema: true,
};
export const GRAPHILE: PeerOptions = {
  name: 'Fastify + graphile-worker',
  script: 'bench/peers/fastify-graphile.ts',
  mode: 'graphile',
  queue: 'graphile',
  rows: true,
};
