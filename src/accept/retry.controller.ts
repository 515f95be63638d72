import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Generates } from '../access/auth.guard.js';
import { type Caller, isForeign, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import type { Database } from '../database/sql.js';
import { Config } from '../config/config.js';
import { type Answer, send } from '../http/answer.js';
import { Problems } from '../http/problem.js';
import { Idempotency } from '../idempotency/idempotency.js';
import { ApiRequestKey, Replayed, RequestKey } from '../idempotency/request-key.js';
import { JobDto } from '../jobs/jobs.dto.js';
import { badId, JobIdParam, noJob, Visibility } from '../jobs/visibility.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { FailedJobsService, notFailed } from '../ledger/failed-jobs.service.js';
import { acceptedJob, ApiRetried } from './accepted.js';
import { UnfinishedCap } from './unfinished-cap.js';

@ApiTags('jobs')
@Controller('jobs')
export class RetryController {
  constructor(
    private readonly failed: FailedJobsService,
    private readonly idempotency: Idempotency,
    private readonly visibility: Visibility,
    private readonly cap: UnfinishedCap,
    private readonly config: Config,
  ) {}

  @Post(':id/retry')
  @Generates()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'retryJob',
    summary: 'Run a FAILED job again',
    description:
      'The job runs again under the same id, with all of its tries. ' +
      'A double click makes one run: the second gets 409. ' +
      'Only keys of the project that made the job may retry it, and operators.',
  })
  @JobIdParam()
  @ApiRequestKey()
  @ApiRetried({ 'Idempotent-Replayed': Replayed })
  @Problems(badId(), noJob(), notFailed())
  async retry(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
    @RequestKey() key: RequestKey | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    const { api_key_id } = await this.visibility.own(id, caller);
    const doer = isForeign(caller, api_key_id) ? origin : null;
    const answer = await this.idempotency.once(key, (db) => this.retryIn(db, id, { caller, doer }));
    return send(reply, answer);
  }

  private async retryIn(
    db: Database,
    id: string,
    { caller, doer }: { caller: Caller; doer: Origin | null },
  ): Promise<Answer<JobDto>> {
    const { key_id } = caller;
    const room = await this.cap.reserve(db, [{ keyId: key_id, jobs: 1 }]);
    let job: GenerationJob | null = null;
    try {
      if (room.refusals[0]) throw room.refusals[0];
      job = await (doer ? this.failed.retryAs(doer, id, key_id, db) : this.failed.retry(id, key_id, db));
    } finally {
      room.leave(job ? [{ api_key_id: key_id }] : []);
    }
    if (!job) throw noJob();
    return acceptedJob({ job, reused: false }, { days: this.config.retentionDays, reader: caller });
  }
}
