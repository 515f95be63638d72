import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Config } from '../config/config.js';
import { send } from '../http/answer.js';
import { ChangesJobs, Generates, ReadsJobs } from '../http/auth.guard.js';
import { type Caller, RequestCaller } from '../http/caller.js';
import { Idempotency } from '../http/idempotency.js';
import { conflict, header, Problems } from '../http/problem.js';
import { ApiRequestKey, Replayed, RequestKey } from '../http/request-key.js';
import { acceptedJob, ApiRetried } from './accepted.js';
import { cancelledJob, doneJob, EXAMPLE_JOB_ID, failedJob, newJob } from './examples.js';
import { FailedJobsService, notFailed } from './failed-jobs.service.js';
import { JobDto } from './jobs.dto.js';
import { JobsService, wasRunning } from './jobs.service.js';
import { badId, noJob, Visibility } from './visibility.js';
import { ACTIVE_STATUSES } from './vocabulary.js';

const notCancellable = () => conflict('The job is finished; what is finished cannot be cancelled.');
const JobIdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'job_id of the answer 202', example: EXAMPLE_JOB_ID });

@ApiTags('jobs')
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly failed: FailedJobsService,
    private readonly idempotency: Idempotency,
    private readonly visibility: Visibility,
    private readonly config: Config,
  ) {}

  @Get(':id')
  @ReadsJobs()
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
  @Problems(badId(), noJob())
  async get(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    const job = await this.visibility.status(id, caller);
    const unfinished = (ACTIVE_STATUSES as readonly string[]).includes(job.status);
    if (unfinished) void reply.header('retry-after', '1');
    void reply.header('cache-control', 'no-store');
    return job;
  }

  @Post(':id/cancel')
  @ChangesJobs()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelJob',
    summary: 'Cancel a job that is not finished',
    description:
      'It is CANCELLED at once and for good, and its subject is free for a new job. For the key that made it, and for operators.',
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
  @Problems(badId(), noJob(), notCancellable())
  async cancel(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    const { id: jobId } = await this.visibility.own(id, caller);
    const cancelled = await this.jobs.cancel(jobId);
    const job = cancelled ?? (await this.visibility.row(jobId, caller));
    if (job.status !== 'CANCELLED') throw notCancellable();
    if (cancelled && wasRunning(cancelled)) void reply.code(202);
    return JobDto.from(job, this.config.retentionDays);
  }

  @Post(':id/retry')
  @Generates()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'retryJob',
    summary: 'Run a FAILED job again',
    description:
      'Under the same id, with all of its tries again. A double click makes one run: the second is a 409, or with an Idempotency-Key the same answer. For the key that made it, and for operators.',
  })
  @JobIdParam()
  @ApiRequestKey()
  @ApiRetried({ 'Idempotent-Replayed': Replayed })
  @Problems(badId(), noJob(), notFailed())
  async retry(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestKey() key: RequestKey | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    await this.visibility.own(id, caller);
    const answer = await this.idempotency.once(key, async (db) => {
      const job = await this.failed.retry(id, caller.key_id, db);
      if (!job) throw noJob();
      return acceptedJob({ job, reused: false }, this.config.retentionDays);
    });
    return send(reply, answer);
  }
}
