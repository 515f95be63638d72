import { ENTITIES } from '../domain/kinds.js';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { validate as isUuid } from 'uuid';
import { Config } from '../config/config.js';
import { Admin } from '../access/auth.guard.js';
import { type Caller, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { malformed, notFound, Problems, unprocessable } from '../http/problem.js';
import { answerRetried, ApiRetried } from '../accept/accepted.js';
import { FailedJobsService, notFailed } from '../ledger/failed-jobs.service.js';
import type { JobDto } from '../jobs/jobs.dto.js';
import {
  EXAMPLE_UUID,
  FailedJobDto,
  FailedJobListDto,
  FlushFailedJobsQuery,
  ForgottenDto,
  ListFailedJobsQuery,
  positionOf,
  RetriedDto,
  RetryFailedJobsDto,
} from './failed-jobs.dto.js';

const badId = () => malformed('The id of a failed job is a UUID.');
const noEntry = () => notFound('There is no failed job with this id: unknown, retried or forgotten.');
const badLimit = unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]);
const badEntity = unprocessable([{ pointer: '/entity', detail: `must be one of ${ENTITIES.join(', ')}` }]);
const badAge = unprocessable([
  { pointer: '/older_than', detail: 'must be a time like 2026-11-23T10:00:00Z or an age like 30m, 12h, 7d' },
]);

const IdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'uuid of the failed job', example: EXAMPLE_UUID });

@ApiTags('admin')
@Admin()
@Controller('admin/failed-jobs')
export class FailedJobsController {
  constructor(
    private readonly failed: FailedJobsService,
    private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listFailedJobs', summary: 'Jobs that failed for good, newest first' })
  @ApiOkResponse({ type: FailedJobListDto, description: 'A part of the list' })
  @Problems(badLimit)
  async list(@Query() { limit, cursor, ...filter }: ListFailedJobsQuery): Promise<FailedJobListDto> {
    const rows = await this.failed.list(filter, limit + 1, positionOf(cursor) ?? undefined);
    return FailedJobListDto.from(rows, limit);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getFailedJob', summary: 'A job that failed for good' })
  @IdParam()
  @ApiOkResponse({ type: FailedJobDto, description: 'The entry' })
  @Problems(badId(), noEntry())
  async get(@Param('id') id: string): Promise<FailedJobDto> {
    if (!isUuid(id)) throw badId();
    const entry = await this.failed.find(id);
    if (!entry) throw noEntry();
    return FailedJobDto.from(entry);
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'retryFailedJobs',
    summary: 'Run many failed jobs again',
    description:
      'Retries the jobs of the ids or of the filter; without either all. ' +
      'A job whose subject has another active job stays as it is.',
  })
  @ApiBody({
    type: RetryFailedJobsDto,
    examples: {
      ids: { summary: 'These', value: { ids: [EXAMPLE_UUID] } },
      filter: { summary: 'What the provider refused today', value: { type: 'AI_API_ERROR', since: '24h' } },
      all: { summary: 'All', value: {} },
    },
  })
  @ApiOkResponse({ type: RetriedDto, description: 'How many are in line again' })
  @Problems(400, 413, 415, badEntity)
  async retryAll(@Body() filter: RetryFailedJobsDto, @RequestOrigin() origin: Origin): Promise<RetriedDto> {
    return { retried: await this.failed.retryAll(filter, origin) };
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({ operationId: 'retryFailedJob', summary: 'Run a failed job again, under its job id' })
  @IdParam()
  @ApiRetried()
  @Problems(badId(), noEntry(), notFailed())
  async retry(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    if (!isUuid(id)) throw badId();
    const entry = await this.failed.find(id);
    const job = entry && (await this.failed.retryAs(origin, entry.job_id, null));
    if (!job) throw noEntry();
    return answerRetried(job, reply, { days: this.config.retentionDays, reader: caller });
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'forgetFailedJob',
    summary: 'Forget a failed job: the entry and the job',
    description: 'Its messages go with it, also those that are not delivered yet.',
  })
  @IdParam()
  @ApiNoContentResponse({ description: 'It is gone' })
  @Problems(badId(), noEntry())
  async forget(@Param('id') id: string, @RequestOrigin() origin: Origin): Promise<void> {
    if (!isUuid(id)) throw badId();
    if (!(await this.failed.forget(id, origin))) throw noEntry();
  }

  @Delete()
  @ApiOperation({
    operationId: 'flushFailedJobs',
    summary: 'Forget all that failed before a time',
    description: 'A job stays while a message about it is still to be delivered.',
  })
  @ApiOkResponse({ type: ForgottenDto, description: 'How many are gone' })
  @Problems(badAge)
  async flush(@Query() { older_than }: FlushFailedJobsQuery, @RequestOrigin() origin: Origin): Promise<ForgottenDto> {
    return { forgotten: await this.failed.forgetOlder(older_than, origin) };
  }
}
