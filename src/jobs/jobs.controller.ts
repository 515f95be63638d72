import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { validate as isUuid } from 'uuid';
import { Config } from '../config/config.js';
import { header, malformed, notFound, Problems } from '../http/problem.js';
import { doneJob, EXAMPLE_JOB_ID, failedJob, newJob } from './examples.js';
import { JobDto } from './jobs.dto.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { ACTIVE_STATUSES } from './vocabulary.js';

const badId = () => malformed('A job id is a UUID.');
const noJob = () => notFound('There is no job with this id. Finished jobs are forgotten after a while.');

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobsService,
    private readonly cache: StatusCache,
    private readonly config: Config,
  ) {}

  @Get(':id')
  @ApiOperation({
    operationId: 'getJob',
    summary: 'State of a job',
    description: 'Always 200 for a known job, whatever its state. Poll it, once a second, until it is finished.',
  })
  @ApiParam({ name: 'id', format: 'uuid', description: 'job_id of the answer 202', example: EXAMPLE_JOB_ID })
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

  private async fromLedger(id: string): Promise<JobDto> {
    const job = await this.jobs.find(id);
    if (!job) throw noJob();
    void this.cache.put(job);
    return JobDto.from(job, this.config.retentionDays);
  }
}
