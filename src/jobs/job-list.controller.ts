import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import { ReadsJobs } from '../access/auth.guard.js';
import { type Caller, RequestCaller } from '../access/caller.js';
import { Problems, unprocessable } from '../http/problem.js';
import { ApiMetadataQuery } from '../http/metadata-field.js';
import { idOf, JobListDto, ListJobsQuery } from './job-list.dto.js';
import { JobList } from '../ledger/job-list.js';

@ApiTags('jobs')
@Controller('jobs')
export class JobListController {
  constructor(
    private readonly list: JobList,
    private readonly config: Config,
  ) {}

  @ReadsJobs()
  @Get()
  @ApiOperation({
    operationId: 'listJobs',
    summary: 'Jobs, newest first',
    description:
      'Those that the keys of the project made or share. ' +
      'Scope admin sees all, as everybody does where no key is needed.',
  })
  @ApiMetadataQuery()
  @ApiOkResponse({ type: JobListDto, description: 'A part of the list' })
  @Problems(unprocessable([{ pointer: '/limit', detail: 'must be an integer 1..100' }]))
  async page(
    @Query() { limit, cursor, ...filter }: ListJobsQuery,
    @RequestCaller() caller: Caller,
  ): Promise<JobListDto> {
    const { sees_only: owner, fellows } = caller;
    const rows = await this.list.page({ ...filter, owner, fellows, reader: caller }, limit + 1, idOf(cursor));
    return JobListDto.from(rows, limit, { days: this.config.retentionDays, reader: caller });
  }
}
