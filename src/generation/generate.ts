import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findNameOf } from '../catalog/names.js';
import type { Result } from '../catalog/store.js';
import { KINDS } from '../domain/kinds.js';
import type { CallUsage } from '../domain/usage.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { Llm } from '../llm/llm.js';
import type { TextKind } from './kind.js';

/** The result of the work on a job: its usage, and what is stored. */
export interface Generated {
  usage: CallUsage;
  result: Result;
}

/** Writes one text: ask → read → result. */
@Injectable()
export class Generation {
  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
  ) {}

  /** @throws GenerationFailure, or the signal's reason when aborted */
  async generate(kind: TextKind, job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const named = await this.withKnownName(job);
    const ask = kind.ask(named);
    const answer = await this.llm.ask(ask, signal);
    const { subject, ...written } = kind.read(ask, answer, named);
    const spelled = job.request.subject !== null;
    const { usage } = answer;
    return { usage, result: { ...written, job, subject: { ...subject, spelled }, model: usage.model } };
  }

  /**
   * When the request has only a slug and a stored row has that slug, its name and year are used: no words need
   * guessing.
   */
  private async withKnownName(job: GenerationJob): Promise<GenerationJob> {
    if (job.request.subject !== null) return job;
    const { table, firstYear } = KINDS[job.entity];
    const known = await findNameOf(this.db, table, job.requested_slug, firstYear);
    return known ? { ...job, request: known } : job;
  }
}
