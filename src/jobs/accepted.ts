import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { JobDto } from './jobs.dto.js';
import type { Submitted } from './jobs.service.js';

const text = (description: string) => ({ description, schema: { type: 'string' as const } });

/** Declares what both generate routes answer. */
export const ApiAccepted = () =>
  applyDecorators(
    ApiAcceptedResponse({
      type: JobDto,
      description: 'The job, committed: new, or the active one for the same subject',
      headers: { Location: text('Where to poll it'), 'Retry-After': text('Seconds until the first look is worth it') },
    }),
    ApiOkResponse({ type: JobDto, description: 'With if_exists=reuse: the finished job of the text that is there' }),
  );

/** 202 and where to poll; or 200 with the finished job that is reused. */
export function answerSubmitted({ job, reused }: Submitted, reply: FastifyReply, retentionDays: number): JobDto {
  void reply.header('location', `/jobs/${job.id}`);
  if (reused) void reply.code(200);
  else void reply.header('retry-after', '1');
  return JobDto.from(job, retentionDays);
}
