import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import { type Caller, ownerFor, RequestCaller } from '../http/caller.js';
import { Problems, unprocessable } from '../http/problem.js';
import { exampleList, idOf, JobListDto, ListJobsQuery } from './job-list.dto.js';
import { JobList } from './job-list.js';

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobListController {
  constructor(
    private readonly list: JobList,
    private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listJobs',
    summary: 'Jobs, newest first',
    description: 'Those of the key that asks; all, for scope admin and where no key is needed.',
  })
  @ApiOkResponse({ type: JobListDto, description: 'A part of the list', example: exampleList() })
  @Problems(401, unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]), 503)
  async page(
    @Query() { limit, cursor, ...filter }: ListJobsQuery,
    @RequestCaller() caller: Caller,
  ): Promise<JobListDto> {
    const rows = await this.list.page({ ...filter, owner: ownerFor(caller) }, limit + 1, idOf(cursor));
    return JobListDto.from(rows, limit, this.config.retentionDays);
  }
}
