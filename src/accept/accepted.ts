import { applyDecorators, HttpStatus } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { BatchAcceptedDto, batchPath, exampleBatch } from '../batches/batches.dto.js';
import { type Answer, send } from '../http/answer.js';
import { stillWorking } from '../idempotency/idempotency.js';
import { header, ProblemException, Problems } from '../http/problem.js';
import { ApiRequestKey, Replayed } from '../idempotency/request-key.js';
import { doneJob, newJob, ofEachKind } from '../jobs/examples.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { ApiPrefer, PreferenceApplied } from '../jobs/polled.js';
import { JobDto } from '../jobs/jobs.dto.js';
import type { Reader } from '../ledger/notes.js';

const Location = header('Where to poll it');
const RetryAfter = header('Seconds until the next look is worth it', 'integer');
const Accepted = { Location, 'Retry-After': RetryAfter };

/** @param at JSON Pointer of the item of a batch; empty: the request is it */
export const isBlocked = (at: string) =>
  new ProblemException(
    HttpStatus.CONFLICT,
    'blocked',
    `An operator has had this removed for good: nothing is written about ${at === '' ? 'it' : at}.`,
  );

/** Documents the answers of both generate routes. They are alike, so that the document has them once. */
export const ApiAccepted = () =>
  applyDecorators(
    ApiRequestKey(),
    ApiPrefer(),
    ApiAcceptedResponse({
      type: JobDto,
      description: 'The committed job: a new one, or the active one for the same subject',
      headers: { ...Accepted, 'Idempotent-Replayed': Replayed, 'Preference-Applied': PreferenceApplied },
      examples: ofEachKind(newJob),
    }),
    ApiOkResponse({
      type: JobDto,
      description: 'With if_exists=reuse: the finished job of the existing text. With Prefer: the job, once finished',
      headers: { Location, 'Idempotent-Replayed': Replayed, 'Preference-Applied': PreferenceApplied },
      examples: ofEachKind(doneJob),
    }),
    Problems(stillWorking()),
  );

/** Documents the answers of both batch routes. */
export const ApiBatchAccepted = () =>
  applyDecorators(
    ApiRequestKey(),
    ApiAcceptedResponse({
      type: BatchAcceptedDto,
      description: 'The committed jobs: new, active or reused ones',
      headers: { ...Accepted, 'Idempotent-Replayed': Replayed },
      example: exampleBatch(),
    }),
    Problems(stillWorking()),
  );

/** A job, and whether it is an older one whose result is reused. */
export interface Submitted {
  job: GenerationJob;
  reused: boolean;
}

/** What an answer depends on besides the job: how long it is kept, days, and who reads it. */
interface Told {
  days: number;
  reader: Reader;
}

/** 202 with the address to poll; or 200 with the finished job that is reused. */
export function acceptedJob({ job, reused }: Submitted, { days, reader }: Told): Answer<JobDto> {
  const location = `/jobs/${job.id}`;
  const body = JobDto.from(job, days, reader);
  if (reused) return { status: 200, headers: { location }, body };
  return { status: 202, headers: { location, 'retry-after': '1' }, body };
}

/** 202 with the address of the batch. */
export function acceptedBatch(
  batch_id: string,
  submitted: Submitted[],
  { days, reader }: Told,
): Answer<BatchAcceptedDto> {
  const jobs = submitted.map(({ job }) => JobDto.from(job, days, reader));
  const headers = { location: batchPath(batch_id), 'retry-after': '1' };
  return { status: 202, headers, body: { batch_id, jobs } };
}

/** Documents the answers of the routes that retry one job. */
export const ApiRetried = (more: Record<string, ReturnType<typeof header>> = {}) =>
  ApiAcceptedResponse({
    type: JobDto,
    description: 'The job, in line again',
    headers: { ...Accepted, ...more },
    example: newJob(),
  });

/** 202 with the address of the job that runs again. */
export function answerRetried(job: GenerationJob, reply: FastifyReply, told: Told): JobDto {
  return send(reply, acceptedJob({ job, reused: false }, told));
}
