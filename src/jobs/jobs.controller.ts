import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '../config/config.js';
import { ChangesJobs, ReadsOneJob } from '../access/auth.guard.js';
import { type Caller, isForeign, RequestCaller } from '../access/caller.js';
import { type Origin, RequestOrigin } from '../access/origin.js';
import { Direct } from '../http/direct.js';
import { waitOf } from '../http/prefer.js';
import { conflict, Problems } from '../http/problem.js';
import { cancelledJob, newJob } from './examples.js';
import { JobQuery, JobText } from './job-text.js';
import { JobWaiting } from './job-waiting.js';
import { JobDto } from './jobs.dto.js';
import { JobsService, wasRunning } from '../ledger/jobs.service.js';
import { answerPolled, ApiPolled } from './polled.js';
import { badId, JobIdParam, noJob, Visibility } from './visibility.js';

const notCancellable = () => conflict('The job is finished; what is finished cannot be cancelled.');

@ApiTags('jobs')
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly visibility: Visibility,
    private readonly waiting: JobWaiting,
    private readonly text: JobText,
    private readonly config: Config,
  ) {}

  @Get(':id')
  @Direct()
  @ReadsOneJob()
  @ApiOperation({
    operationId: 'getJob',
    summary: 'State of a job',
    description:
      'Always 200 for a known job. Ask once a second until it is finished. ' +
      'Or let the server hold the answer with Prefer, or follow links.events.',
  })
  @JobIdParam()
  @ApiPolled()
  @Problems(badId(), noJob())
  async get(
    @Param('id') id: string,
    @Query() { include }: JobQuery,
    @RequestCaller() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const seconds = waitOf(request.headers.prefer);
    const known = request.headers['if-none-match'];
    const held = seconds && (await this.waiting.until(id, caller, { seconds, known, client: reply.raw }));
    if (held) void reply.header('preference-applied', `wait=${seconds}`);
    const job = held || (await this.visibility.status(id, caller));
    return answerPolled(include ? await this.text.added(job, caller) : job, request, reply);
  }

  @Post(':id/cancel')
  @ChangesJobs()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'cancelJob',
    summary: 'Cancel a job that is not finished',
    description:
      'Withdraws the wish of the caller’s project. With the last wish it becomes CANCELLED at once, and its subject ' +
      'is free. While another project wants it, it goes on, and the answer is the unchanged job. The webhooks of ' +
      'this project get no more messages. An operator cancels for all. Callers without a key count as one.',
  })
  @JobIdParam()
  @ApiOkResponse({
    type: JobDto,
    description: 'It was waiting, or cancelled before; or others want it',
    example: newJob(),
  })
  @ApiAcceptedResponse({
    type: JobDto,
    description: 'It was running: its model call is being aborted',
    example: cancelledJob(),
  })
  @Problems(badId(), noJob(), notCancellable())
  async cancel(
    @Param('id') id: string,
    @RequestCaller() caller: Caller,
    @RequestOrigin() origin: Origin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobDto> {
    const { id: jobId, api_key_id } = await this.visibility.asked(id, caller);
    const left = await this.jobs.cancel(jobId, caller, isForeign(caller, api_key_id) ? origin : null);
    const job = left ?? (await this.visibility.row(jobId, caller));
    if (!left && job.status !== 'CANCELLED') throw notCancellable();
    if (left && wasRunning(left)) void reply.code(202);
    return JobDto.from(job, this.config.retentionDays, caller);
  }
}
