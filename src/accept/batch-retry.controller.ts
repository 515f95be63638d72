import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { Generates } from '../access/auth.guard.js';
import { type Caller, changedKeys, isForeign, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { RateLimitGuard } from '../access/rate-limit.guard.js';
import { Tally } from '../audit/audit-log.js';
import { badId, BatchIdParam, BatchVisibility, noBatch } from '../batches/batch-visibility.js';
import { BatchRetriedDto } from '../batches/batches.dto.js';
import { BatchesService } from '../batches/batches.service.js';
import { Problems } from '../http/problem.js';
import { FailedJobsService } from '../ledger/failed-jobs.service.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { UnfinishedCap } from './unfinished-cap.js';

@ApiTags('jobs')
@Controller('batches')
export class BatchRetryController {
  constructor(
    private readonly db: DataSource,
    private readonly batches: BatchesService,
    private readonly visibility: BatchVisibility,
    private readonly failed: FailedJobsService,
    private readonly cap: UnfinishedCap,
    private readonly limits: RateLimitGuard,
  ) {}

  @Post(':id/retry')
  @Generates()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'retryBatch',
    summary: 'Run the FAILED jobs of a batch again',
    description:
      'Each under its id and with all of its tries, as POST /jobs/{id}/retry does. Sent twice, it makes one run. ' +
      'The message that the batch is completed is not sent a second time. ' +
      'Each job that runs again counts as a request for a text.',
  })
  @BatchIdParam()
  @ApiOkResponse({ type: BatchRetriedDto, description: 'How many are in line again' })
  @Problems(badId(), noBatch())
  async retry(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
    @Req() request: FastifyRequest,
  ): Promise<BatchRetriedDto> {
    const batch = await this.visibility.own(id, caller);
    const deed = { action: 'retry_batch', target_kind: 'BATCH', target: batch.id, details: {} } as const;
    const tally = isForeign(caller, batch.api_key_id) ? new Tally(origin, deed) : null;
    const sum = { retried: 0, left: 0 };
    try {
      for await (const ids of this.batches.failed(batch.id)) {
        const { retried, left } = await this.retryPart(ids, caller, tally);
        sum.retried += retried;
        sum.left += left;
      }
    } finally {
      await this.limits.charge(request, sum.retried - 1);
    }
    return sum;
  }

  /** @throws ProblemException 429 when the key would have too many unfinished jobs; what was retried before goes on */
  private async retryPart(ids: string[], caller: Caller, tally: Tally | null): Promise<BatchRetriedDto> {
    const keyId = caller.key_id;
    const room = await this.cap.reserve(this.db, [{ keyId, jobs: ids.length }]);
    let retried: GenerationJob[] = [];
    try {
      if (room.refusals[0]) throw room.refusals[0];
      const done = await this.failed.retryThese(ids, { keyId, makers: changedKeys(caller), tally });
      retried = done.retried;
      return { retried: retried.length, left: done.left };
    } finally {
      room.leave(retried);
    }
  }
}
