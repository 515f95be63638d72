import { Injectable } from '@nestjs/common';
import { BatchAcceptedDto, batchPath } from '../batches/batches.dto.js';
import { BatchesService } from '../batches/batches.service.js';
import { Config } from '../config/config.js';
import type { Database } from '../database/sql.js';
import { inTransaction } from '../database/transaction.js';
import type { Answer } from '../http/answer.js';
import { Idempotency } from '../idempotency/idempotency.js';
import type { RequestKey } from '../idempotency/request-key.js';
import { reusableJobs } from './reuse.js';
import { refuseEndpoints } from '../webhooks/endpoint.js';
import { acceptedJob } from './accepted.js';
import { JobDto } from '../jobs/jobs.dto.js';
import type { Origin } from '../access/origin.js';
import { type Submission, Submissions, type Submitted } from './submit.js';

/**
 * Takes requests for texts, films and people alike:
 *
 * 1. once per Idempotency-Key;
 * 2. what may be reused and is there is looked up;
 * 3. the rest is submitted, all or nothing;
 * 4. the answer leaves after the commit.
 */
@Injectable()
export class Intake {
  constructor(
    private readonly submissions: Submissions,
    private readonly batches: BatchesService,
    private readonly idempotency: Idempotency,
    private readonly config: Config,
  ) {}

  async one(submission: Submission, origin: Origin, key: RequestKey | null): Promise<Answer<JobDto>> {
    refuseEndpoints([submission], this.config.webhooks.allowPrivate);
    return this.idempotency.once(key, async (db) => {
      const [submitted] = await this.submit(db, [submission], origin);
      return acceptedJob(submitted!, this.config.retentionDays);
    });
  }

  async many(submissions: Submission[], origin: Origin, key: RequestKey | null): Promise<Answer<BatchAcceptedDto>> {
    refuseEndpoints(submissions, this.config.webhooks.allowPrivate);
    return this.idempotency.once(key, (db) =>
      inTransaction(db, async (tx) => {
        const submitted = await this.submit(tx, submissions, origin);
        const ids = submitted.map(({ job }) => job.id);
        const batch_id = await this.batches.create(tx, ids, origin.api_key_id);
        const jobs = submitted.map(({ job }) => JobDto.from(job, this.config.retentionDays));
        return {
          status: 202,
          headers: { location: batchPath(batch_id), 'retry-after': '1' },
          body: { batch_id, jobs },
        };
      }),
    );
  }

  /** @returns what came of each submission, in their order */
  private async submit(db: Database, submissions: Submission[], origin: Origin): Promise<Submitted[]> {
    const reused = await reusableJobs(db, submissions, origin, this.config.tries);
    const open = submissions.filter((submission) => !reused.has(submission));
    const submitted = open.length > 0 ? await this.submissions.submit(open, origin, db) : [];
    const jobs = new Map([...reused, ...open.map((submission, n) => [submission, submitted[n]!] as const)]);
    return submissions.map((submission) => ({ job: jobs.get(submission)!, reused: reused.has(submission) }));
  }
}
