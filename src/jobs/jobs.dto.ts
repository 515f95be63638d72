import { ApiProperty, getSchemaPath } from '@nestjs/swagger';
import type { GenerationJob } from './generation-job.entity.js';
import {
  CONTEXT_TAGS,
  type ContextTag,
  ENTITIES,
  type EntityKind,
  ERROR_TYPES,
  type ErrorType,
  type JobStage,
  type JobStatus,
  type Locale,
  LOCALE_TAGS,
  STAGES,
  STATUSES,
} from './vocabulary.js';

const DAY_MS = 86_400_000;
const ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const nullable = <T extends object>(schema: T) => ({ oneOf: [schema, { type: 'null' }] }) as never;
const nullableRef = (type: () => unknown) => nullable({ $ref: getSchemaPath((type as () => never)()) });
const nullableTime = { type: ['string', 'null'] as never, format: 'date-time' };

export class JobResultDto {
  @ApiProperty({
    format: 'uuid',
    example: '019ab1d2-9a01-7000-8000-0a0b0c0d0e0f',
    description: 'Id of the film or person',
  })
  id: string;

  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({
    format: 'uuid',
    required: false,
    example: '019ab1d2-9a02-7000-8000-0a0b0c0d0e0f',
    description: 'For a film',
  })
  description_id?: string;

  @ApiProperty({ format: 'uuid', required: false, description: 'For a person' })
  bio_id?: string;

  @ApiProperty({ example: 1, description: 'Counts the texts in this locale and context' })
  version: number;
}

export class JobErrorDto {
  @ApiProperty({ enum: ERROR_TYPES, example: 'NOT_FOUND' })
  type: ErrorType;

  @ApiProperty({ example: 'The model knows no such film.' })
  message: string;

  @ApiProperty({ description: 'Whether the same request may succeed later' })
  retryable: boolean;

  @ApiProperty({ example: 1, description: 'The try that failed' })
  attempt: number;

  @ApiProperty({ type: [String], required: false })
  suggestions?: string[];
}

export class JobUsageDto {
  @ApiProperty({ example: 'gpt-4.1-mini' })
  model: string;

  @ApiProperty({ example: 412 })
  input_tokens: number;

  @ApiProperty({ example: 388 })
  output_tokens: number;

  @ApiProperty({ example: 2140, description: 'Duration of the model call, milliseconds' })
  duration_ms: number;
}

export class JobLinksDto {
  @ApiProperty({ example: `/jobs/${ID}` })
  self: string;

  @ApiProperty({ example: `/jobs/${ID}/events` })
  events: string;

  @ApiProperty({ example: `/jobs/${ID}/cancel` })
  cancel: string;

  @ApiProperty({
    type: ['string', 'null'] as never,
    example: '/movies/the-matrix-1999',
    description: 'Where the result is, once DONE',
  })
  result: string | null;
}

/** What a client sees of a job. */
export class JobDto {
  @ApiProperty({ format: 'uuid', example: ID })
  job_id: string;

  @ApiProperty({ enum: STATUSES, example: 'DONE' })
  status: JobStatus;

  @ApiProperty({ enum: ENTITIES, example: 'MOVIE' })
  entity: EntityKind;

  @ApiProperty({ example: 'the-matrix' })
  requested_slug: string;

  @ApiProperty({
    type: ['string', 'null'] as never,
    example: 'the-matrix-1999',
    description: 'Slug of the result, once DONE',
  })
  slug: string | null;

  @ApiProperty({ enum: LOCALE_TAGS, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ enum: CONTEXT_TAGS, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ enum: STAGES, example: 'SAVING', description: 'What it is doing, or did last' })
  stage: JobStage;

  @ApiProperty({ type: ['integer', 'null'] as never, example: null, description: 'Jobs ahead of it, when known' })
  queue_position: number | null;

  @ApiProperty({ example: 1, description: 'Tries begun' })
  attempts: number;

  @ApiProperty({ example: 3 })
  max_attempts: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.000Z' })
  created_at: string;

  @ApiProperty({ ...nullableTime, example: '2026-11-23T10:00:00.120Z' })
  started_at: string | null;

  @ApiProperty({ ...nullableTime, example: '2026-11-23T10:00:02.310Z' })
  finished_at: string | null;

  @ApiProperty({
    ...nullableTime,
    example: '2026-12-23T10:00:02.310Z',
    description: 'When a finished job is forgotten; FAILED ones are kept',
  })
  expires_at: string | null;

  @ApiProperty({ ...nullableTime, example: null, description: 'Not started by then, it ends EXPIRED' })
  deadline_at: string | null;

  @ApiProperty(nullableRef(() => JobResultDto))
  result: JobResultDto | null;

  @ApiProperty(nullableRef(() => JobErrorDto))
  error: JobErrorDto | null;

  @ApiProperty(nullableRef(() => JobUsageDto))
  usage: JobUsageDto | null;

  @ApiProperty({ type: JobLinksDto })
  links: JobLinksDto;

  /** @param retentionDays how long a finished job is kept */
  static from(row: GenerationJob, retentionDays: number): JobDto {
    const { id, status, entity, requested_slug, slug, locale, context_tag, stage, attempts, max_attempts } = row;
    const { result, error, usage, finished_at } = row;
    const kept = status === 'FAILED' || finished_at === null;
    return {
      job_id: id,
      status,
      entity,
      requested_slug,
      slug,
      locale,
      context_tag,
      stage,
      queue_position: null,
      attempts,
      max_attempts,
      created_at: row.created_at.toISOString(),
      started_at: row.started_at?.toISOString() ?? null,
      finished_at: finished_at?.toISOString() ?? null,
      expires_at: kept ? null : new Date(finished_at.getTime() + retentionDays * DAY_MS).toISOString(),
      deadline_at: row.deadline_at?.toISOString() ?? null,
      result,
      error,
      usage,
      links: linksOf(row),
    };
  }
}

function linksOf({ id, entity, result }: GenerationJob): JobLinksDto {
  const self = `/jobs/${id}`;
  const folder = entity === 'MOVIE' ? '/movies' : '/people';
  return { self, events: `${self}/events`, cancel: `${self}/cancel`, result: result && `${folder}/${result.slug}` };
}
