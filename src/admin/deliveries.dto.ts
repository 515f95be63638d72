import { ApiProperty } from '@nestjs/swagger';
import { MomentField, WordField } from '../http/fields.js';
import { EXAMPLE_BATCH_ID, EXAMPLE_JOB_ID } from '../jobs/examples.js';
import type { DeliveryRow } from '../webhooks/deliveries.service.js';
import { BATCH_EVENTS, type BatchEvent, DELIVERY_STATUSES, type DeliveryStatus } from '../webhooks/events.js';
import { MAX_ATTEMPTS } from '../webhooks/schedule.js';
import { EXAMPLE_DELIVERY_ID } from '../webhooks/webhooks.dto.js';
import { IdPageQuery } from './edits.dto.js';

export class ListAllDeliveriesQuery extends IdPageQuery {
  @WordField({ required: false, words: DELIVERY_STATUSES, example: 'FAILED', description: 'State of the message' })
  status?: DeliveryStatus;

  @MomentField({ required: false, example: '2026-11-23T00:00:00Z', description: 'Not made before; or an age: 12h' })
  since?: Date;
}

class AnyDeliveryLinksDto {
  @ApiProperty({ example: `/admin/deliveries/${EXAMPLE_DELIVERY_ID}/replay` })
  replay: string;

  @ApiProperty({ example: `/jobs/${EXAMPLE_JOB_ID}`, description: 'The job or the batch' })
  about: string;
}

/** A message of a job or of a batch. */
export class AnyDeliveryDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_DELIVERY_ID, description: 'Also the webhook-id of the message' })
  delivery_id: string;

  @ApiProperty({ enum: BATCH_EVENTS, example: 'job.completed' })
  type: BatchEvent;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: EXAMPLE_JOB_ID, description: 'null: a batch' })
  job_id: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
    description: `null: it is about a job; else like ${EXAMPLE_BATCH_ID}`,
  })
  batch_id: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null, description: 'null: nobody’s key' })
  api_key_id: string | null;

  @ApiProperty({ example: 'example.com', description: 'Where it is sent; its path may be a secret of the receiver' })
  host: string;

  @ApiProperty({
    enum: DELIVERY_STATUSES,
    example: 'FAILED',
    description: 'FAILED: given up after the last attempt. DISABLED: the endpoint answered 410',
  })
  status: DeliveryStatus;

  @ApiProperty({ type: 'integer', example: MAX_ATTEMPTS, description: 'Attempts begun, and those skipped' })
  attempts: number;

  @ApiProperty({ type: 'integer', example: MAX_ATTEMPTS })
  max_attempts: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 500, description: 'HTTP status of the last answer' })
  last_status: number | null;

  @ApiProperty({ type: String, nullable: true, example: 'it answered 500', description: 'Why it did not count' })
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

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-24T10:00:02.600Z' })
  finished_at: string | null;

  @ApiProperty({ type: AnyDeliveryLinksDto })
  links: AnyDeliveryLinksDto;

  static from(row: DeliveryRow): AnyDeliveryDto {
    const { id, event, job_id, batch_id, api_key_id, status, attempts, last_status, last_error, attempted_at } = row;
    return {
      delivery_id: id,
      type: event,
      job_id,
      batch_id,
      api_key_id,
      host: new URL(row.url).host,
      status,
      attempts,
      max_attempts: MAX_ATTEMPTS,
      last_status,
      last_error,
      last_attempt_at: attempted_at?.toISOString() ?? null,
      next_attempt_at: status === 'PENDING' && !row.in_hand ? row.run_at.toISOString() : null,
      created_at: row.created_at.toISOString(),
      finished_at: row.finished_at?.toISOString() ?? null,
      links: {
        replay: `/admin/deliveries/${id}/replay`,
        about: job_id === null ? `/batches/${batch_id}` : `/jobs/${job_id}`,
      },
    };
  }
}

export class AnyDeliveryListDto {
  @ApiProperty({ type: [AnyDeliveryDto] })
  results: AnyDeliveryDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}
