import { Controller, Header, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ACCESS_TOKEN_PATTERN, EXAMPLE_ACCESS_TOKEN } from '../access/access-token-text.js';
import { ACCESS_MINUTES, ACCESS_TOKEN, AccessTokens } from '../access/access-tokens.js';
import { ReadsJobs } from '../access/auth.guard.js';
import { type Caller, RequestCaller } from '../access/caller.js';
import { Problems } from '../http/problem.js';
import { EXAMPLE_JOB_ID } from './examples.js';
import { badId, JobIdParam, noJob, Visibility } from './visibility.js';

class JobAccessLinksDto {
  @ApiProperty({ description: 'The job, with the token' })
  self: string;

  @ApiProperty({ description: 'Its events, with the token: new EventSource(links.events)' })
  events: string;
}

class JobAccessDto {
  @ApiProperty({ pattern: ACCESS_TOKEN_PATTERN, description: 'Reads this job, whoever has it' })
  token: string;

  @ApiProperty({ format: 'uuid' })
  job_id: string;

  @ApiProperty({ format: 'date-time' })
  expires_at: string;

  @ApiProperty({ type: JobAccessLinksDto })
  links: JobAccessLinksDto;

  static of(token: string, job_id: string, expiresAt: Date): JobAccessDto {
    const self = `/jobs/${job_id}`;
    const sent = `?${ACCESS_TOKEN}=${token}`;
    const links = { self: self + sent, events: `${self}/events${sent}` };
    return { token, job_id, expires_at: expiresAt.toISOString(), links };
  }
}

const EXAMPLE = JobAccessDto.of(EXAMPLE_ACCESS_TOKEN, EXAMPLE_JOB_ID, new Date('2026-11-23T10:10:00Z'));

@ApiTags('jobs')
@Controller('jobs')
export class AccessTokenController {
  constructor(
    private readonly visibility: Visibility,
    private readonly tokens: AccessTokens,
  ) {}

  @Post(':id/access-token')
  @ReadsJobs()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'createJobAccess',
    summary: 'A token with which a browser reads this job',
    description:
      `For ${ACCESS_MINUTES} minutes it reads this job, its text and its events, in the address or as Bearer. ` +
      'Its requests count as those of the key, and it ends with the key.',
  })
  @JobIdParam()
  @ApiCreatedResponse({ type: JobAccessDto, description: 'The token', example: EXAMPLE })
  @Problems(badId(), noJob())
  async create(@Param('id') id: string, @RequestCaller() caller: Caller): Promise<JobAccessDto> {
    const job = await this.visibility.status(id, caller);
    const { token, expiresAt } = await this.tokens.issue(job.id, caller);
    return JobAccessDto.of(token, job.id, expiresAt);
  }
}
