import { Child } from './child.ts';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Load, Task } from '../load/tasks.ts';
import type { Contender } from './contender.ts';
import { cpuOf } from './cpu.ts';
import { atEnd } from './ending.ts';
import { Figures } from './figures.ts';
import { type Services, startServices } from './services.ts';

/** Longest wait for what a turn has left behind, milliseconds. */
const SETTLED_WITHIN_MS = 180_000;

export interface Waiting {
  /** Tells its last words when it does not come to that. */
  child?: Child;
  everyMs?: number;
  withinMs?: number;
}

export interface Scale {
  rounds: number;
  seconds: number;
  quick: boolean;
  /** Folder for CPU profiles of the program's processes, which slow them down a little. */
  profile?: string;
}

/** What all sections share: the services, the model, the load, and what was found. */
export class Bench {
  readonly figures = new Figures();
  readonly services: Services;
  readonly scale: Scale;
  readonly model: string;
  readonly progress: (line: string) => void;
  private readonly generator: Child;
  private readonly admin: pg.Pool;
  private runs = 0;

  private constructor(own: Pick<Bench, 'services' | 'scale' | 'model' | 'progress'>, generator: Child, admin: pg.Pool) {
    this.services = own.services;
    this.scale = own.scale;
    this.model = own.model;
    this.progress = own.progress;
    this.generator = generator;
    this.admin = admin;
  }

  static async start(scale: Scale, progress: (line: string) => void): Promise<Bench> {
    progress('starting PostgreSQL, Redis and the model');
    const services = await startServices();
    const talking = { env: {}, ready: /READY (\d+)/, talks: true };
    const model = await Child.start(resolve('bench/support/model.ts'), talking);
    const generator = await Child.start(resolve('bench/load/generator.ts'), { ...talking, ready: /READY/ });
    const admin = new pg.Pool({ connectionString: services.postgres.url, max: 1 });
    admin.on('error', () => undefined);
    atEnd(() => admin.end());
    return new Bench({ services, scale, model: `http://127.0.0.1:${model.port}/v1`, progress }, generator, admin);
  }

  /** Letters of which no title of an earlier turn is made. */
  nextRun(): string {
    return `${process.pid.toString(36)}x${(this.runs++).toString(36)}`;
  }

  /** Puts load on a contender. @throws Error unless every answer had the status that is expected */
  async load(task: Task, status: number): Promise<Load> {
    const answer = new Promise<Load | { error: string }>((done, failed) => {
      this.generator.process.once('message', done);
      void this.generator.exited.then(() => failed(new Error(`the load ended: ${this.generator.lastWords}`)));
    });
    this.generator.process.send(task);
    const load = await answer;
    if ('error' in load) throw new Error(`load: ${load.error}`);
    const others = Object.keys(load.statuses).filter((one) => Number(one) !== status);
    if (others.length > 0) throw new Error(`answered ${JSON.stringify(load.statuses)} where ${status} was expected`);
    if (new Set(load.ids).size !== load.ids.length) throw new Error('two answers have the same id');
    return load;
  }

  /** Nothing of the turn before is written in this one. */
  async checkpoint(): Promise<void> {
    await this.admin.query('CHECKPOINT');
  }

  /** Microseconds of a core that each part has used per piece of work meanwhile. */
  async costs<Result>(
    api: Child,
    work: () => Promise<Result>,
    pieces: (result: Result) => number,
  ): Promise<[Result, Record<string, number>]> {
    const pids = { process: api.pid, PostgreSQL: this.services.postgres.pid, Redis: this.services.redis.pid };
    const before = Object.values(pids).map(cpuOf);
    const result = await work();
    const used = Object.entries(pids).map(([part, pid], n) => [part, (cpuOf(pid) - before[n]!) * 1e6]);
    return [result, Object.fromEntries(used.map(([part, us]) => [part, Number(us) / pieces(result)]))];
  }

  /** Every 202 has its job, once. @throws Error when one is lost or doubled */
  async checkKept(contender: Contender, ids: string[]): Promise<void> {
    const kept = await contender.kept(ids);
    if (kept !== ids.length) throw new Error(`${contender.name}: ${ids.length} answers of 202, ${kept} jobs`);
  }

  /** Looks seldom: what is measured meanwhile shall not feel it. @returns after how many milliseconds */
  async until(what: string, condition: () => Promise<boolean>, waiting: Waiting = {}): Promise<number> {
    const { child, everyMs = 50, withinMs = SETTLED_WITHIN_MS } = waiting;
    const began = performance.now();
    while (!(await condition())) {
      if (performance.now() - began > withinMs)
        throw new Error(`not within ${withinMs} ms: ${what}. Last words: ${child?.lastWords ?? 'none'}`);
      await sleep(everyMs);
    }
    return performance.now() - began;
  }
}

/** In another order each round, so that nobody always follows the same one. */
export const turned = <One>(all: One[], round: number): One[] => all.map((_, n) => all[(n + round) % all.length]!);
