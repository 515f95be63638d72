import { Injectable } from '@nestjs/common';
import { HealthReads } from '../database/pools.js';
import { sql } from '../database/sql.js';
import { WorkerRegistry } from '../worker/worker-registry.js';
import type { LoopReport } from '../timing/loop.js';
import { Loops } from '../timing/loops.js';
import { within } from '../timing/within.js';

/** A loop, and the process it belongs to. */
export interface ProcessLoop extends LoopReport {
  /** host:pid, as in generation_jobs.worker. */
  process: string;
}

interface Beat {
  process: string;
  loops: LoopReport[];
  /** Age of the report, seconds. */
  age: number;
}

const BEATS = `SELECT name AS process, loops, extract(epoch FROM now() - seen_at)::float AS age FROM workers
  WHERE expires_at > now() AND id <> $1 ORDER BY started_at, id`;

/** The loops of this process, and by their heartbeats the loops of all processes that run jobs. */
@Injectable()
export class LoopsReader {
  constructor(
    private readonly reads: HealthReads,
    private readonly loops: Loops,
    private readonly registry: WorkerRegistry,
  ) {}

  own(): ProcessLoop[] {
    return this.loops.report().map((loop) => ({ process: this.registry.name, ...loop }));
  }

  /** Never throws: where the heartbeats cannot be read in time, the loops of this process. */
  within(patienceMs: number): Promise<ProcessLoop[]> {
    return within(patienceMs, this.all()).catch(() => this.own());
  }

  async all(): Promise<ProcessLoop[]> {
    const beats = await this.reads.read((db) => sql<Beat>(db, BEATS, [this.registry.id]));
    return [...this.own(), ...beats.flatMap(loopsOf)];
  }
}

function loopsOf({ process, loops, age }: Beat): ProcessLoop[] {
  const older = (seconds: number | null) => (seconds === null ? null : seconds + Math.max(0, age));
  return loops.map((loop) => ({
    process,
    ...loop,
    age_seconds: loop.age_seconds + Math.max(0, age),
    success_seconds: older(loop.success_seconds),
    refusal_seconds: older(loop.refusal_seconds),
    standing_seconds: older(loop.standing_seconds),
  }));
}
