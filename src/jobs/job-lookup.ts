import { Injectable } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { Config } from '../config/config.js';
import { malformed, notFound } from '../http/problem.js';
import { EXAMPLE_JOB_ID } from './examples.js';
import type { GenerationJob } from './generation-job.entity.js';
import { JobDto } from './jobs.dto.js';
import { JobsService } from './jobs.service.js';
import { StatusCache } from './status-cache.js';

export const badId = () => malformed('A job id is a UUID.');
export const noJob = () => notFound('There is no job with this id. Finished jobs are forgotten after a while.');
export const JobIdParam = () =>
  ApiParam({ name: 'id', format: 'uuid', description: 'job_id of the answer 202', example: EXAMPLE_JOB_ID });

/** As it is in the ledger, whatever a client has typed. @throws ProblemException 400 */
export function jobIdOf(text: string): string {
  if (!isUuid(text)) throw badId();
  return text.toLowerCase();
}

/** The one way in which a client's job is found: polls, waits and event streams. */
@Injectable()
export class JobLookup {
  constructor(
    private readonly jobs: JobsService,
    private readonly cache: StatusCache,
    private readonly config: Config,
  ) {}

  /** From the status cache, else from the ledger. @throws ProblemException 404 */
  async status(id: string): Promise<JobDto> {
    const cached = await this.cache.get(id);
    if (cached) return cached;
    const job = await this.row(id);
    void this.cache.put(job);
    return this.seen(job);
  }

  /** With its revision, as those need it who wait for the next. @throws ProblemException 404 */
  async row(id: string): Promise<GenerationJob> {
    const job = await this.jobs.find(id);
    if (!job) throw noJob();
    return job;
  }

  /** What a client sees of it. */
  seen(job: GenerationJob): JobDto {
    return JobDto.from(job, this.config.retentionDays);
  }
}
