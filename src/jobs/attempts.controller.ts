import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadsJobs } from '../access/auth.guard.js';
import { type Caller, isAdmin, RequestCaller } from '../access/caller.js';
import { Problems } from '../http/problem.js';
import { AttemptDto, AttemptListDto } from './attempts.dto.js';
import { badId, JobIdParam, noJob, Visibility } from './visibility.js';

@ApiTags('jobs')
@Controller('jobs')
export class AttemptsController {
  constructor(private readonly visibility: Visibility) {}

  @Get(':id/attempts')
  @ReadsJobs()
  @ApiOperation({ operationId: 'listAttempts', summary: 'The tries of a job, with what they used' })
  @JobIdParam()
  @ApiOkResponse({ type: AttemptListDto, description: 'Oldest first' })
  @Problems(badId(), noJob())
  async list(@Param('id') id: string, @RequestCaller() caller: Caller): Promise<AttemptListDto> {
    const { history } = await this.visibility.row(id, caller);
    return { results: history.map((entry) => AttemptDto.from(entry, isAdmin(caller))) };
  }
}
