import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { Llm } from '../llm/llm.js';
import type { Generated, TextKind } from './kind.js';

/** Writes texts. What that takes is loaded with the first of them: a process that only answers HTTP needs none. */
@Injectable()
export class Generation {
  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
  ) {}

  /** @throws GenerationFailure, or the signal's reason when aborted */
  async generate(kind: TextKind, job: GenerationJob, signal: AbortSignal): Promise<Generated> {
    const { Writing } = await import('./generate.js');
    return new Writing(this.llm, this.db).generate(kind, job, signal);
  }
}
