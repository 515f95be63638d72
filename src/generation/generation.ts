import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Result } from '../catalog/told.js';
import { Config } from '../config/config.js';
import { FactsProvider } from '../facts/facts-provider.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { Llm } from '../llm/llm.js';
import type { Writing } from './generate.js';
import type { TextKind, Try } from './kind.js';

/** Writes texts. What that takes is loaded before the first of them: a process that only answers HTTP needs none. */
@Injectable()
export class Generation {
  private loaded: Promise<typeof Writing> | undefined;

  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
    private readonly config: Config,
    private readonly facts: FactsProvider,
  ) {}

  /** To be awaited before a job is claimed: loading takes so long that a lease might end meanwhile. */
  load(): Promise<typeof Writing> {
    return (this.loaded ??= import('./generate.js').then((loaded) => {
      loaded.loadDetector();
      return loaded.Writing;
    }));
  }

  /** @throws GenerationFailure, BudgetSpent, or the signal's reason when aborted */
  async generate(kind: TextKind, job: GenerationJob, tried: Try): Promise<Result> {
    const Writer = await this.load();
    return new Writer(this.llm, this.db, this.config.prices, this.facts).generate(kind, job, tried);
  }
}
