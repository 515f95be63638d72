import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Result } from '../catalog/told.js';
import { Config } from '../config/config.js';
import { promptVersionOf } from '../domain/prompt-versions.js';
import { FactsProvider } from '../facts/facts-provider.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { Llm } from '../llm/llm.js';
import type { Writing } from './generate.js';
import type { TextKind, Try } from './kind.js';

/** Writes texts. What that takes is loaded before the first of them: a process that only answers HTTP needs none. */
@Injectable()
export class Generation {
  private loaded: Promise<Writing> | undefined;

  constructor(
    private readonly llm: Llm,
    private readonly db: DataSource,
    private readonly config: Config,
    private readonly facts: FactsProvider,
  ) {}

  /** To be awaited before a job is claimed: loading takes so long that a lease might end meanwhile. */
  load(): Promise<Writing> {
    return (this.loaded ??= this.open().catch((error: unknown) => {
      this.loaded = undefined;
      throw error;
    }));
  }

  /** @throws GenerationFailure, BudgetSpent, or the signal's reason when aborted */
  async generate(kind: TextKind, job: GenerationJob, tried: Try): Promise<Result> {
    return (await this.load()).generate(kind, job, tried, promptVersionOf(job.id, this.config.prompts));
  }

  /** One for all jobs of this process: those that begin together ask the catalogue together. */
  private async open(): Promise<Writing> {
    const [{ loadDetector, Writing: Writer }, { StoredCatalogue }] = await Promise.all([
      import('./generate.js'),
      import('./catalogue.js'),
    ]);
    loadDetector();
    return new Writer(this.llm, new StoredCatalogue(this.db), this.config.prices, this.facts);
  }
}
