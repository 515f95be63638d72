import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { validate as isUuid } from 'uuid';
import { Config } from '../config/config.js';
import { malformed, notFound, Problems } from '../http/problem.js';
import { JobDto } from './jobs.dto.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';
import { ACTIVE_STATUSES } from './vocabulary.js';

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
  @ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' }, example: '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b' })
  @ApiOkResponse({
    type: JobDto,
    headers: {
      'Retry-After': {
        description: 'Seconds until the next look is worth it; while not finished',
        schema: { type: 'integer' },
      },
    },
  })
  @Problems(400, 401, 404, 503)
  async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobDto> {
    if (!isUuid(id)) throw malformed('A job id is a UUID.');
    const job = (await this.cache.get(id.toLowerCase())) ?? (await this.fromLedger(id));
    const unfinished = (ACTIVE_STATUSES as readonly string[]).includes(job.status);
    if (unfinished) void reply.header('retry-after', '1');
    void reply.header('cache-control', 'no-store');
    return job;
  }

  private async fromLedger(id: string): Promise<JobDto> {
    const job = await this.jobs.find(id);
    if (!job) throw notFound('There is no job with this id. Finished jobs are forgotten after a while.');
    void this.cache.put(job);
    return JobDto.from(job, this.config.retentionDays);
  }
}
