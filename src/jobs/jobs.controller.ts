import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { validate as isUuid } from 'uuid';
import { Config } from '../config/config.js';
import { send } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import { conflict, header, malformed, notFound, Problems } from '../http/problem.js';
import { ApiRequestKey, Replayed, RequestKey } from '../http/request-key.js';
import { acceptedJob, ApiRetried } from './accepted.js';
import { cancelledJob, doneJob, EXAMPLE_JOB_ID, failedJob, newJob } from './examples.js';
import { FailedJobsService, notFailed } from './failed-jobs.service.js';
import { JobDto } from './jobs.dto.js';
import { JobsService, wasRunning } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { ACTIVE_STATUSES } from './vocabulary.js';

const badId = () => malformed('A job id is a UUID.');
const noJob = () => notFound('There is no job with this id. Finished jobs are forgotten after a while.');
const notCancellable = () => conflict('The job is finished; what is finished cannot be cancelled.');
const JobIdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'job_id of the answer 202', example: EXAMPLE_JOB_ID });

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly failed: FailedJobsService,
    private readonly idempotency: Idempotency,
    private readonly cache: StatusCache,
    private readonly config: Config,
  ) {}

  @Get(':id')
  @ApiOperation({
    operationId: 'getJob',
    summary: 'State of a job',
    description: 'Always 200 for a known job, whatever its state. Poll it, once a second, until it is finished.',
  })
  @JobIdParam()
  @ApiOkResponse({
    type: JobDto,
    description: 'The job',
    headers: { 'Retry-After': header('Seconds until the next look is worth it; while not finished', 'integer') },
    examples: {
      done: { summary: 'Done', value: doneJob() },
      waiting: { summary: 'Not finished', value: newJob() },
      failed: { summary: 'Failed', value: failedJob() },
    },
  })
  @Problems(badId(), 401, noJob(), 503)
  async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobDto> {
    if (!isUuid(id)) throw badId();
    const job = (await this.cache.get(id.toLowerCase())) ?? (await this.fromLedger(id));
    const unfinished = (ACTIVE_STATUSES as readonly string[]).includes(job.status);
    if (unfinished) void reply.header('retry-after', '1');
    void reply.header('cache-control', 'no-store');
    return job;
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelJob',
    summary: 'Cancel a job that is not finished',
    description: 'It is CANCELLED at once and for good, and its subject is free for a new job.',
  })
  @JobIdParam()
  @ApiOkResponse({
    type: JobDto,
    description: 'It was waiting, or had been cancelled before',
    example: cancelledJob(false),
  })
  @ApiAcceptedResponse({
    type: JobDto,
    description: 'It was running: its model call is being aborted, and whatever it still answers is dropped',
    example: cancelledJob(true),
  })
  @Problems(badId(), 401, noJob(), notCancellable(), 503)
  async cancel(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobDto> {
    if (!isUuid(id)) throw badId();
    const cancelled = await this.jobs.cancel(id);
    const job = cancelled ?? (await this.jobs.find(id));
    if (!job) throw noJob();
    if (job.status !== 'CANCELLED') throw notCancellable();
    if (cancelled && wasRunning(cancelled)) void reply.code(202);
    return JobDto.from(job, this.config.retentionDays);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'retryJob',
    summary: 'Run a FAILED job again',
    description:
      'Under the same id, with all of its tries again. A double click makes one run: the second is a 409, or with an Idempotency-Key the same answer.',
  })
  @JobIdParam()
  @ApiRequestKey()
  @ApiRetried({ 'Idempotent-Replayed': Replayed })
  @Problems(badId(), 401, noJob(), notFailed(), 503)
  async retry(
    @Param('id') id: string,
    @RequestKey() key: RequestKey | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    if (!isUuid(id)) throw badId();
    const answer = await this.idempotency.once(key, async (db) => {
      const job = await this.failed.retry(id, db);
      if (!job) throw noJob();
      return acceptedJob({ job, reused: false }, this.config.retentionDays);
    });
    return send(reply, answer);
  }

  private async fromLedger(id: string): Promise<JobDto> {
    const job = await this.jobs.find(id);
    if (!job) throw noJob();
    void this.cache.put(job);
    return JobDto.from(job, this.config.retentionDays);
  }
}
