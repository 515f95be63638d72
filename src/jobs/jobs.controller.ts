import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { waitOf } from '../http/prefer.js';
import { conflict, Problems } from '../http/problem.js';
import { answerRetried, ApiRetried } from './accepted.js';
import { cancelledJob } from './examples.js';
import { FailedJobsService, notFailed } from './failed-jobs.service.js';
import { badId, JobIdParam, jobIdOf, JobLookup, noJob } from './job-lookup.js';
import { JobWaiting } from './job-waiting.js';
import { JobDto } from './jobs.dto.js';
import { JobsService, wasRunning } from './jobs.service.js';
import { answerPolled, ApiPolled } from './polled.js';

const notCancellable = () => conflict('The job is finished; what is finished cannot be cancelled.');

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly failed: FailedJobsService,
    private readonly lookup: JobLookup,
    private readonly waiting: JobWaiting,
    private readonly config: Config,
  ) {}

  @Get(':id')
  @ApiOperation({
    operationId: 'getJob',
    summary: 'State of a job',
    description:
      'Always 200 for a known job, whatever its state. Ask once a second until it is finished, or let the answer wait for that with Prefer, or follow links.events.',
  })
  @JobIdParam()
  @ApiPolled()
  @Problems(badId(), 401, noJob(), 503)
  async get(
    @Param('id') text: string,
    @Req() { headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto | undefined> {
    const id = jobIdOf(text);
    const seconds = waitOf(headers.prefer);
    const known = headers['if-none-match'];
    const held = seconds && (await this.waiting.until(id, { seconds, known, client: reply.raw }));
    if (held) void reply.header('preference-applied', `wait=${seconds}`);
    return answerPolled(held || (await this.lookup.status(id)), known, reply);
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
    const cancelled = await this.jobs.cancel(jobIdOf(id));
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
    description: 'Under the same id, with all of its tries again. A double click makes one run: the second is a 409.',
  })
  @JobIdParam()
  @ApiRetried()
  @Problems(badId(), 401, noJob(), notFailed(), 503)
  async retry(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobDto> {
    const job = await this.failed.retry(jobIdOf(id));
    if (!job) throw noJob();
    return answerRetried(job, reply, this.config.retentionDays);
  }
}
