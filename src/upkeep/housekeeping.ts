import { Injectable } from '@nestjs/common';
import { BatchesService } from '../batches/batches.service.js';
import { FactsCache } from '../facts/facts-cache.js';
import { Idempotency } from '../idempotency/idempotency.js';
import { LapsedJobs } from '../ledger/lapsed-jobs.js';
import { UseSums } from '../ledger/use-sums.js';

/** Forgets rows past their time, and adds up what needs no rows of its own. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly jobs: LapsedJobs,
    private readonly batches: BatchesService,
    private readonly idempotency: Idempotency,
    private readonly facts: FactsCache,
    private readonly uses: UseSums,
  ) {}

  /**
   * Forgets finished jobs, batches without jobs, answers to Idempotency-Keys, and facts that were looked up.
   * FAILED jobs stay until an operator forgets them, and unfinished jobs always stay.
   * @param limit rows of a kind
   * @returns how many rows
   */
  async prune(limit: number): Promise<number> {
    await this.uses.fold();
    const jobs = await this.jobs.prune(limit);
    const kept = (await this.batches.prune(limit)) + (await this.idempotency.prune(limit));
    return jobs + kept + (await this.facts.prune(limit));
  }
}
