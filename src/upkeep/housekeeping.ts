import { Injectable } from '@nestjs/common';
import { BatchesService } from '../batches/batches.service.js';
import { Idempotency } from '../idempotency/idempotency.js';
import { LapsedJobs } from '../ledger/lapsed-jobs.js';

/** Forgets what is past its time. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly jobs: LapsedJobs,
    private readonly batches: BatchesService,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * Finished jobs (FAILED ones stay until they are forgotten by hand, unfinished ones always), batches without jobs,
   * answers to Idempotency-Keys. @param limit rows of a kind. @returns how many rows
   */
  async prune(limit: number): Promise<number> {
    const jobs = await this.jobs.prune(limit);
    return jobs + (await this.batches.prune(limit)) + (await this.idempotency.prune(limit));
  }
}
