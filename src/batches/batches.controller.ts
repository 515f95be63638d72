import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ChangesJobs, ReadsJobs } from '../access/auth.guard.js';
import { type Caller, isForeign, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { Tally } from '../audit/audit-log.js';
import { Config } from '../config/config.js';
import { ApiMetadataQuery } from '../http/metadata-field.js';
import { header, Problems, unprocessable } from '../http/problem.js';
import { cursorOf, idOf, JobListDto } from '../jobs/job-list.dto.js';
import { JobsService } from '../ledger/jobs.service.js';
import { BatchJobsQuery, ListBatchesQuery } from './batch-list.dto.js';
import { BatchReader } from './batch-reader.js';
import { badId, BatchIdParam, BatchVisibility, noBatch } from './batch-visibility.js';
import { BatchCancelledDto, BatchDto, BatchListDto, BatchSummaryDto } from './batches.dto.js';
import { BatchesService } from './batches.service.js';

const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);

@ApiTags('jobs')
@Controller('batches')
export class BatchesController {
  constructor(
    private readonly batches: BatchesService,
    private readonly visibility: BatchVisibility,
    private readonly reader: BatchReader,
    private readonly jobs: JobsService,
    private readonly config: Config,
  ) {}

  @ReadsJobs()
  @Get()
  @ApiOperation({
    operationId: 'listBatches',
    summary: 'Batches, newest first',
    description: 'A key of a project sees those of the project, others their own. Scope admin sees all.',
  })
  @ApiMetadataQuery()
  @ApiOkResponse({ type: BatchListDto, description: 'A part of the list' })
  @Problems(badLimit)
  async list(@Query() query: ListBatchesQuery, @RequestCaller() caller: Caller): Promise<BatchListDto> {
    const { limit, cursor, metadata } = query;
    const rows = await this.reader.list(caller, metadata, { limit: limit + 1, after: idOf(cursor) });
    const shown = rows.slice(0, limit);
    const next_cursor = rows.length > limit ? cursorOf(shown.at(-1)!.id) : null;
    return { results: shown.map((row) => BatchSummaryDto.from(row, caller)), next_cursor };
  }

  @ReadsJobs()
  @Get(':id')
  @ApiOperation({ operationId: 'getBatch', summary: 'How far the jobs of a batch are' })
  @BatchIdParam()
  @ApiOkResponse({
    type: BatchDto,
    description: 'The batch',
    headers: { 'Retry-After': header('Seconds until the next look is worth it', 'integer') },
  })
  @Problems(badId(), noBatch())
  async get(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchDto> {
    const batch = BatchDto.from(await this.visibility.counted(id, caller), caller);
    if (!batch.done) void reply.header('retry-after', '1');
    void reply.header('cache-control', 'no-store');
    return batch;
  }

  @ReadsJobs()
  @Get(':id/jobs')
  @ApiOperation({
    operationId: 'listBatchJobs',
    summary: 'The jobs of a batch, part by part',
    description: 'In the order of their ids, which is that of the items for new jobs. Equal items have one.',
  })
  @BatchIdParam()
  @ApiOkResponse({ type: JobListDto, description: 'A part of the list' })
  @Problems(badId(), noBatch(), badLimit)
  async page(
    @Param('id') id: string,
    @Query() { limit, cursor, status }: BatchJobsQuery,
    @RequestCaller() caller: Caller,
  ): Promise<JobListDto> {
    const batch = await this.visibility.seen(id, caller);
    const rows = await this.reader.jobs(batch.id, status, { limit: limit + 1, after: idOf(cursor) });
    return JobListDto.from(rows, limit, { days: this.config.retentionDays, reader: caller });
  }

  @Post(':id/cancel')
  @ChangesJobs()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelBatch',
    summary: 'Cancel what is not finished of a batch',
    description:
      'Withdraws the caller’s wish for each of its jobs, as POST /jobs/{id}/cancel does. ' +
      'A job that another key wants goes on.',
  })
  @BatchIdParam()
  @ApiOkResponse({ type: BatchCancelledDto, description: 'How many ended; none, when it is sent again' })
  @Problems(badId(), noBatch())
  async cancel(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
  ): Promise<BatchCancelledDto> {
    const batch = await this.visibility.own(id, caller);
    const deed = { action: 'cancel_batch', target_kind: 'BATCH', target: batch.id, details: {} } as const;
    const tally = isForeign(caller, batch.api_key_id) ? new Tally(origin, deed) : null;
    const sum = { cancelled: 0, left: 0 };
    for await (const ids of this.batches.unfinished(batch.id)) {
      const { cancelled, left } = await this.jobs.cancelAll(ids, caller, tally);
      sum.cancelled += cancelled;
      sum.left += left;
    }
    return sum;
  }
}
