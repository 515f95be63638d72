import { ENTITIES, type EntityKind, KINDS, ROWS, TEXT_IDS } from '../domain/kinds.js';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { TextDto } from '../domain/text.dto.js';
import { MovieRefDto, PersonRefDto } from '../domain/references.dto.js';
import type { Metadata } from '../domain/metadata.js';
import type { Suggestion } from '../domain/suggestion.js';
import { metadataProperty } from '../http/metadata-field.js';
import type { GenerationJob, JobResult } from '../ledger/generation-job.entity.js';
import { holdOf } from '../ledger/hold.js';
import { metadataFor, type Reader } from '../ledger/notes.js';
import { MAX_POSITION } from '../ledger/queue-position.js';
import {
  CONTEXT_FORM,
  type ContextTag,
  ERROR_TYPES,
  type ErrorType,
  HOLD_REASONS,
  type HoldReason,
  type JobStage,
  type JobStatus,
  type Locale,
  LOCALE_FORM,
  STAGES,
  STATUSES,
} from '../domain/vocabulary.js';

const DAY_MS = 86_400_000;

/** A film or a person, named as in every other answer. */
export const SUGGESTED = { oneOf: [{ $ref: getSchemaPath(MovieRefDto) }, { $ref: getSchemaPath(PersonRefDto) }] };

class JobResultDto {
  @ApiProperty({ format: 'uuid', description: 'Id of what the text is about' })
  id: string;

  @ApiProperty()
  slug: string;

  @ApiProperty({ type: 'integer', description: 'Counts the texts in this locale and context' })
  version: number;

  @ApiProperty({
    type: 'array',
    items: SUGGESTED,
    required: false,
    description: 'With if_ambiguous=choose: the others that the name means',
  })
  alternatives?: Suggestion[];
}

/** The id of the text. Its name depends on the kind, and two kinds may share a name. */
for (const textId of TEXT_IDS) {
  const words = ROWS.filter((kind) => kind.textId === textId).map(({ word }) => word);
  const description = `Of the text, for a ${words.join(' or ')}`;
  ApiProperty({ type: String, format: 'uuid', required: false, description })(JobResultDto.prototype, textId);
}

@ApiExtraModels(MovieRefDto, PersonRefDto)
export class JobErrorDto {
  @ApiProperty({ enum: ERROR_TYPES })
  type: ErrorType;

  @ApiProperty({ description: 'For a person to read' })
  message: string;

  @ApiProperty({ description: 'Whether the same request may succeed later' })
  retryable: boolean;

  @ApiProperty({ type: 'integer', description: 'The try that failed' })
  attempt: number;

  @ApiProperty({
    type: 'array',
    items: SUGGESTED,
    required: false,
    description: 'For AMBIGUOUS and NOT_FOUND: what may have been meant. Each slug can be asked for as it is',
  })
  suggestions?: Suggestion[];
}

class JobUsageDto {
  @ApiProperty({ description: 'Model that was called last; mock for the mock' })
  model: string;

  @ApiProperty({ type: 'integer', description: 'Calls that came to an end, failed ones too' })
  calls: number;

  @ApiProperty({ type: 'integer' })
  input_tokens: number;

  @ApiProperty({ type: 'integer' })
  output_tokens: number;

  @ApiProperty({ type: 'integer', description: 'Duration of the calls, milliseconds' })
  duration_ms: number;

  @ApiProperty({ type: Number, nullable: true, description: 'By MODEL_PRICES; null: a model has no price there' })
  cost: number | null;
}

export class JobHoldDto {
  @ApiProperty({
    enum: HOLD_REASONS,
    example: 'PAUSED',
  })
  reason: HoldReason;

  @ApiProperty({
    example: 'An operator has paused the queue movies; the job runs when it is resumed.',
    description: 'For a person to read',
  })
  message: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.000Z' })
  since: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'null: when an operator resumes the queue',
  })
  next_probe_at: string | null;
}

export class JobLinksDto {
  @ApiProperty()
  self: string;

  @ApiProperty()
  events: string;

  @ApiProperty()
  cancel: string;

  @ApiProperty({ type: String, nullable: true, description: 'The address of the written text, once DONE' })
  result: string | null;
}

/** A job as clients see it. Its examples are in examples.ts. */
export class JobDto {
  @ApiProperty({ format: 'uuid' })
  job_id: string;

  @ApiProperty({ enum: STATUSES })
  status: JobStatus;

  @ApiProperty({ enum: ENTITIES })
  entity: EntityKind;

  @ApiProperty({ description: 'Slug of what was asked for' })
  requested_slug: string;

  @ApiProperty({ type: String, nullable: true, description: 'Slug of the result, once DONE' })
  slug: string | null;

  @ApiProperty(LOCALE_FORM)
  locale: Locale;

  @ApiProperty(CONTEXT_FORM)
  context_tag: ContextTag;

  @ApiProperty({ enum: STAGES, description: 'What the job does now; a job that ended otherwise keeps its last stage' })
  stage: JobStage;

  @ApiProperty({
    type: JobHoldDto,
    nullable: true,
    description: 'What holds it up while it is PENDING; null: nothing, or the answer is to a change',
  })
  hold: JobHoldDto | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    maximum: MAX_POSITION,
    description:
      `Jobs of its kind ahead of it; ${MAX_POSITION}: so many or more. ` +
      'GET /jobs/{id} counts them while it is PENDING and due; else null',
  })
  queue_position: number | null;

  @ApiProperty({ type: 'integer', description: 'Tries begun' })
  attempts: number;

  @ApiProperty({ type: 'integer' })
  max_attempts: number;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  started_at: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finished_at: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When a finished job is forgotten; FAILED ones are kept',
  })
  expires_at: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Not started by then, it ends EXPIRED',
  })
  deadline_at: string | null;

  @ApiProperty({ type: JobResultDto, nullable: true })
  result: JobResult | null;

  @ApiProperty({ type: JobErrorDto, nullable: true })
  error: JobErrorDto | null;

  @ApiProperty({
    type: JobUsageDto,
    nullable: true,
    description: 'The sum over all its tries; null: no call has ended yet',
  })
  usage: JobUsageDto | null;

  @ApiProperty({ type: JobLinksDto })
  links: JobLinksDto;

  @ApiProperty(metadataProperty('What this key has noted on it'))
  metadata: Metadata;

  @ApiPropertyOptional({ type: TextDto, nullable: true, description: 'With include=text, once DONE' })
  text?: TextDto | null;

  /** @param retentionDays how long a finished job is kept @param reader who sees what its own key has noted */
  static from(row: GenerationJob, retentionDays: number, reader: Reader): JobDto {
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
      hold: holdOf(row),
      queue_position: row.queue_position ?? null,
      attempts,
      max_attempts,
      created_at: row.created_at.toISOString(),
      started_at: row.started_at?.toISOString() ?? null,
      finished_at: finished_at?.toISOString() ?? null,
      expires_at: kept ? null : new Date(finished_at.getTime() + retentionDays * DAY_MS).toISOString(),
      deadline_at: row.deadline_at?.toISOString() ?? null,
      result,
      error,
      usage: usage && { ...usage, calls: usage.calls ?? 1, cost: usage.cost ?? null },
      links: linksOf(row),
      metadata: metadataFor(row, reader), // the last field: see sent-job.ts
    };
  }
}

type Linked = Pick<GenerationJob, 'id' | 'entity' | 'locale' | 'context_tag' | 'result'>;

export function linksOf({ id, entity, locale, context_tag, result }: Linked): JobLinksDto {
  const self = `/jobs/${id}`;
  const folder = `/${KINDS[entity].path}`;
  // The link names the variant; without it the link would lead to the text in en-US and DEFAULT, if there is one.
  const text = result && `${folder}/${result.slug}?locale=${locale}&context_tag=${context_tag}`;
  return { self, events: `${self}/events`, cancel: `${self}/cancel`, result: text };
}
