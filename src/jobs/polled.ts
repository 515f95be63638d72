import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/caller.js';
import { CONDITIONAL_HEADERS } from '../http/conditional.js';
import { linkedBelow, prefixOf } from '../http/base-path.js';
import { etagOf, isKnown, LONGEST_TAG } from '../http/etag.js';
import { LONGEST_HEADER, LONGEST_WAIT_SECONDS } from '../http/prefer.js';
import { header } from '../http/problem.js';
import { doneJob, newJob } from './examples.js';
import { JobDto } from './jobs.dto.js';
import { etagOfJob, type SentJob } from './sent-job.js';
import { isFinished } from '../domain/vocabulary.js';

/** Documents the header that has an answer held. */
export const ApiPrefer = () =>
  ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      'wait=N (RFC 7240) holds the answer until the job finishes or N seconds pass. ' +
      `N is 1..${LONGEST_WAIT_SECONDS}; more counts as ${LONGEST_WAIT_SECONDS}. ` +
      'A poll with If-None-Match is held until the job changes in more than its place in the queue',
    schema: { type: 'string', maxLength: LONGEST_HEADER, example: 'wait=20' },
  });

/** The header that says so. */
export const PreferenceApplied = header('The wait that was granted: wait=20');

const HEADERS = {
  ...CONDITIONAL_HEADERS,
  'Retry-After': header('Seconds until the next look is worth it', 'integer'),
  'Preference-Applied': PreferenceApplied,
};

/** Documents the polling of a job: answered at once, held until it finishes, or answered only if it changed. */
export const ApiPolled = () =>
  applyDecorators(
    ApiPrefer(),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The ETag of the state that the client has; 304 while it has not changed',
      schema: { type: 'string', maxLength: LONGEST_TAG, example: etagOf(doneJob()) },
    }),
    ApiOkResponse({
      type: JobDto,
      description: 'The job',
      headers: HEADERS,
      examples: {
        done: { summary: 'Done', value: doneJob() },
        waiting: { summary: 'Not finished', value: newJob() },
      },
    }),
    ApiResponse({ status: 304, description: 'Not changed since If-None-Match', headers: HEADERS }),
  );

/** 200 with the bytes of the job; or 304 without a body, when the client has this state already. */
export function answerPolled(job: SentJob, request: FastifyRequest, reply: FastifyReply): string | undefined {
  const etag = etagOfJob(job);
  if (!isFinished(job.status)) void reply.header('retry-after', '1');
  // An address with a token in it must be in no cache.
  const kept = callerOf(request).only_job === undefined ? 'private, no-cache' : 'no-store';
  void reply.header('cache-control', kept).header('etag', etag);
  if (isKnown(request.headers['if-none-match'], etag)) {
    void reply.code(304);
    return undefined;
  }
  void reply.type('application/json; charset=utf-8');
  const prefix = prefixOf(request);
  return prefix === '' ? job.json : JSON.stringify(linkedBelow(prefix, JSON.parse(job.json)));
}
