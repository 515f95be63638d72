import { ENTITIES, type EntityKind, KINDS } from '../domain/kinds.js';
import { ApiProperty } from '@nestjs/swagger';
import { validate as isUuid } from 'uuid';
import { CursorField, IdsField, IntegerField, MomentField, QueryField, WordField } from '../http/fields.js';
import { EXAMPLE_JOB_ID } from '../jobs/examples.js';
import type { FailedJob } from '../ledger/failed-job.entity.js';
import type { FailedJobRow, Position } from '../ledger/failed-jobs.service.js';
import { ERROR_TYPES, type ErrorType } from '../domain/vocabulary.js';
import { QUEUES } from '../domain/queues.js';

/** The failed job in every example. */
export const EXAMPLE_UUID = '019ab1d2-9000-7000-8000-0a0b0c0d0e0f';
/** Longest cursor, characters; every cursor of this list is shorter. */
const MAX_CURSOR = 100;
const NOT_A_CURSOR = 'must be the next_cursor of an answer';

/**
 * Microseconds since 1970 (up to the year 2286) and the id of the last row. So the list goes on when that row is gone.
 */
const encode = ({ micros, uuid }: Position) => Buffer.from(`${micros}.${uuid}`).toString('base64url');

/** `null`: the value is no cursor of this list. */
export function positionOf(cursor: unknown): Position | null {
  if (typeof cursor !== 'string' || cursor.length > MAX_CURSOR) return null;
  const [micros, uuid] = Buffer.from(cursor, 'base64url').toString().split('.');
  return micros && uuid && /^\d{1,16}$/.test(micros) && isUuid(uuid) ? { micros, uuid } : null;
}

class FailedJobsFilterDto {
  @WordField({ required: false, words: ERROR_TYPES, example: 'AI_API_ERROR', description: 'Type of the last error' })
  type?: ErrorType;

  @WordField({ required: false, words: ENTITIES, example: 'MOVIE', description: 'What was to be written' })
  entity?: EntityKind;

  @QueryField({ required: false, max: 200, example: 'matrix', description: 'Part of the error, title, name or slug' })
  q?: string;

  @MomentField({ required: false, example: '2026-11-23T00:00:00Z', description: 'Not failed before; or an age: 12h' })
  since?: Date;
}

export class ListFailedJobsQuery extends FailedJobsFilterDto {
  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: 100,
    default: 20,
    example: 20,
    description: 'Results an answer',
  })
  limit = 20;

  @CursorField(
    {
      required: false,
      max: MAX_CURSOR,
      example: encode({ micros: '1795428000000000', uuid: EXAMPLE_UUID }),
      description: 'Goes on after the answer whose next_cursor it is',
    },
    (cursor) => (positionOf(cursor) ? null : NOT_A_CURSOR),
  )
  cursor?: string;
}

/** Ids, or a filter; without either it means all. */
export class RetryFailedJobsDto extends FailedJobsFilterDto {
  @IdsField({ required: false, max: 1000, example: [EXAMPLE_UUID], description: 'These only' })
  ids?: string[];
}

export class FlushFailedJobsQuery {
  @MomentField({ example: '7d', description: 'Failed before this time, or longer ago than this age' })
  older_than: Date;
}

export class FailedJobDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_UUID, description: 'Id of this entry' })
  uuid: string;

  @ApiProperty({ format: 'uuid', example: EXAMPLE_JOB_ID, description: 'Id of the job' })
  job_id: string;

  @ApiProperty({ enum: ['redis', 'database'], example: 'redis', description: 'Driver of the queue' })
  connection: string;

  @ApiProperty({ enum: QUEUES, example: 'movies' })
  queue: string;

  @ApiProperty({ enum: ENTITIES.map((entity) => KINDS[entity].jobName), example: 'GenerateMovieJob' })
  name: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What was asked for',
    example: {
      job_id: EXAMPLE_JOB_ID,
      entity: 'MOVIE',
      requested_slug: 'the-matrix-1999',
      locale: 'en-US',
      context_tag: 'DEFAULT',
      request: { subject: 'The Matrix', year: 1999 },
    },
  })
  payload: object;

  @ApiProperty({ example: 'AI_API_ERROR: The model answered 500.', description: 'Type and message of the last error' })
  exception: string;

  @ApiProperty({ type: 'integer', example: 3, description: 'Tries it had' })
  attempts: number;

  @ApiProperty({ format: 'date-time' })
  failed_at: string;

  static from({ uuid, job_id, connection, queue, name, payload, exception, attempts, failed_at }: FailedJob) {
    return { uuid, job_id, connection, queue, name, payload, exception, attempts, failed_at: failed_at.toISOString() };
  }
}

export class FailedJobListDto {
  @ApiProperty({ type: [FailedJobDto] })
  results: FailedJobDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;

  /** @param rows one more than `limit` when there is a next page */
  static from(rows: FailedJobRow[], limit: number): FailedJobListDto {
    const shown = rows.slice(0, limit);
    const last = rows.length > limit && shown.at(-1);
    return { results: shown.map((row) => FailedJobDto.from(row)), next_cursor: last ? encode(last) : null };
  }
}

export class RetriedDto {
  @ApiProperty({ type: 'integer', example: 12, description: 'Jobs that are in line again' })
  retried: number;
}

export class ForgottenDto {
  @ApiProperty({ type: 'integer', example: 12, description: 'Jobs that were removed' })
  forgotten: number;
}
