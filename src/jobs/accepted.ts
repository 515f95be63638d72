import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { header } from '../http/problem.js';
import { doneJob, newJob } from './examples.js';
import { JobDto } from './jobs.dto.js';
import type { GenerationJob } from './generation-job.entity.js';
import type { Submitted } from './jobs.service.js';
import type { EntityKind } from './vocabulary.js';

const Location = header('Where to poll it');
const RetryAfter = header('Seconds until the first look is worth it', 'integer');

/** Declares what both generate routes answer; `slug` is that of the example. */
export const ApiAccepted = (entity: EntityKind, slug: string) =>
  applyDecorators(
    ApiAcceptedResponse({
      type: JobDto,
      description: 'The job, committed: new, or the active one for the same subject',
      headers: { Location, 'Retry-After': RetryAfter },
      example: newJob(entity, slug),
    }),
    ApiOkResponse({
      type: JobDto,
      description: 'With if_exists=reuse: the finished job of the text that is there',
      headers: { Location },
      example: doneJob(entity, slug),
    }),
  );

/** 202 and where to poll; or 200 with the finished job that is reused. */
export function answerSubmitted({ job, reused }: Submitted, reply: FastifyReply, retentionDays: number): JobDto {
  void reply.header('location', `/jobs/${job.id}`);
  if (reused) void reply.code(200);
  else void reply.header('retry-after', '1');
  return JobDto.from(job, retentionDays);
}

/** Declares what the routes that retry one job answer. */
export const ApiRetried = () =>
  ApiAcceptedResponse({
    type: JobDto,
    description: 'The job, in line again',
    headers: { Location, 'Retry-After': RetryAfter },
    example: newJob(),
  });

/** 202 and where to poll the job that runs again. */
export function answerRetried(job: GenerationJob, reply: FastifyReply, retentionDays: number): JobDto {
  return answerSubmitted({ job, reused: false }, reply, retentionDays);
}
