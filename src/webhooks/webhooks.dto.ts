import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { CONTEXT_FORM, type ContextTag, type Locale, LOCALE_FORM } from '../domain/vocabulary.js';
import { ApiProperty } from '@nestjs/swagger';
import { EXAMPLE_JOB_ID } from '../jobs/examples.js';
import type { Metadata } from '../domain/metadata.js';
import type { Suggestion } from '../domain/suggestion.js';
import { metadataProperty } from '../http/metadata-field.js';
import { JobLinksDto, SUGGESTED } from '../jobs/jobs.dto.js';
import type { DeliveryRow } from './deliveries.service.js';
import type { DisabledEndpoint } from './disabled-endpoint.entity.js';
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  REPORTED_STATUSES,
  type ReportedStatus,
  WEBHOOK_EVENTS,
  type WebhookEvent,
} from './events.js';
import { MAX_ATTEMPTS } from './schedule.js';
import type { WebhookSecret } from './webhook-secret.entity.js';

/** The delivery and the endpoint in every example. */
export const EXAMPLE_DELIVERY_ID = '019ab1d2-a000-7000-8000-0a0b0c0d0e0f';
export const EXAMPLE_ENDPOINT_ID = '019ab1d2-b000-7000-8000-0a0b0c0d0e0f';
const EXAMPLE_URL = 'https://example.com/hooks/moviemind';

class DeliveryLinksDto {
  @ApiProperty({ example: `/jobs/${EXAMPLE_JOB_ID}/deliveries/${EXAMPLE_DELIVERY_ID}/replay` })
  replay: string;
}

export class DeliveryDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_DELIVERY_ID, description: 'Also the webhook-id of the message' })
  delivery_id: string;

  @ApiProperty({ enum: WEBHOOK_EVENTS, example: 'job.completed' })
  type: WebhookEvent;

  @ApiProperty({
    type: String,
    nullable: true,
    example: EXAMPLE_URL,
    description: 'null: another key asked for it, and only that key may see the URL',
  })
  url: string | null;

  @ApiProperty({
    enum: DELIVERY_STATUSES,
    example: 'DELIVERED',
    description: 'FAILED: given up after the last attempt. DISABLED: the endpoint answered 410',
  })
  status: DeliveryStatus;

  @ApiProperty({
    type: 'integer',
    example: 1,
    description: 'Attempts begun, and those skipped for a Retry-After; a replay begins at 0 again',
  })
  attempts: number;

  @ApiProperty({ type: 'integer', example: MAX_ATTEMPTS })
  max_attempts: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 204, description: 'HTTP status of the last answer' })
  last_status: number | null;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why the last attempt did not count' })
  last_error: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-23T10:00:02.500Z' })
  last_attempt_at: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'While PENDING: not sent before this time. In the past: as soon as a worker is free',
  })
  next_attempt_at: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:02.310Z', description: 'When it happened' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-23T10:00:02.600Z' })
  finished_at: string | null;

  @ApiProperty({ type: DeliveryLinksDto })
  links: DeliveryLinksDto;

  /** @param urlShown whether the reader may see where it is sent */
  static from(row: DeliveryRow, urlShown = true): DeliveryDto {
    const { id, event, status, attempts, last_status, last_error, attempted_at, run_at, finished_at } = row;
    return {
      delivery_id: id,
      type: event,
      url: urlShown ? row.url : null,
      status,
      attempts,
      max_attempts: MAX_ATTEMPTS,
      last_status,
      last_error,
      last_attempt_at: attempted_at?.toISOString() ?? null,
      next_attempt_at: status === 'PENDING' && !row.in_hand ? run_at.toISOString() : null,
      created_at: row.created_at.toISOString(),
      finished_at: finished_at?.toISOString() ?? null,
      links: { replay: `/jobs/${row.job_id}/deliveries/${id}/replay` },
    };
  }
}

export class DeliveryListDto {
  @ApiProperty({ type: [DeliveryDto], description: 'Newest first; the newest 200' })
  results: DeliveryDto[];
}

export class WebhookSecretDto {
  @ApiProperty({
    example: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
    description: 'Signs the messages of this key; anybody who has it can forge them',
  })
  secret: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.000Z' })
  created_at: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'Until when the previous secret also signs; null: there is none',
  })
  previous_until: string | null;

  /** @param previous older secrets that still sign, the longest valid first */
  static from([current, previous]: [WebhookSecret, ...WebhookSecret[]]): WebhookSecretDto {
    return {
      secret: current.secret,
      created_at: current.created_at.toISOString(),
      previous_until: previous?.expires_at?.toISOString() ?? null,
    };
  }
}

export class DisabledEndpointDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ENDPOINT_ID })
  id: string;

  @ApiProperty({ example: EXAMPLE_URL })
  url: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.000Z', description: 'When it answered 410' })
  disabled_at: string;

  static from({ id, url, disabled_at }: DisabledEndpoint): DisabledEndpointDto {
    return { id, url, disabled_at: disabled_at.toISOString() };
  }
}

export class DisabledEndpointListDto {
  @ApiProperty({ type: [DisabledEndpointDto], description: 'Newest first; the newest 200' })
  results: DisabledEndpointDto[];
}

class WebhookDataDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_JOB_ID })
  job_id: string;

  @ApiProperty({ enum: REPORTED_STATUSES, example: 'DONE', description: 'Of the job, when it happened' })
  status: ReportedStatus;

  @ApiProperty({ enum: ENTITIES, example: 'MOVIE' })
  entity: EntityKind;

  @ApiProperty({ example: 'the-matrix-1999', description: 'Of the result, once DONE; else of what was asked for' })
  slug: string;

  @ApiProperty({ ...LOCALE_FORM, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ ...CONTEXT_FORM, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty(metadataProperty('What the key of the webhook had noted on the job'))
  metadata: Metadata;

  @ApiProperty({ type: JobLinksDto })
  links: JobLinksDto;

  @ApiProperty({
    type: 'array',
    items: SUGGESTED,
    required: false,
    description: 'When it failed as AMBIGUOUS or NOT_FOUND: what may have been meant, as in the error of the job',
  })
  suggestions?: Suggestion[];
}

/** The body of a message. message.ts writes it. */
export class WebhookMessageDto {
  @ApiProperty({ enum: WEBHOOK_EVENTS, example: 'job.completed' })
  type: WebhookEvent;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:02.310Z', description: 'When it happened' })
  timestamp: string;

  @ApiProperty({ type: WebhookDataDto })
  data: WebhookDataDto;
}
