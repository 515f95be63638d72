import { ApiProperty } from '@nestjs/swagger';
import { WordField } from '../http/fields.js';
import { EXAMPLE_JOB_ID } from '../jobs/examples.js';
import type { DeliveryRow } from '../webhooks/deliveries.service.js';
import { DELIVERY_STATUSES, type DeliveryStatus } from '../webhooks/events.js';
import { DeliveryDto } from '../webhooks/webhooks.dto.js';
import { IdPageQuery } from './edits.dto.js';

export class AllDeliveriesQuery extends IdPageQuery {
  @WordField({ required: false, words: DELIVERY_STATUSES, example: 'FAILED', description: 'What became of it' })
  status?: DeliveryStatus;
}

export class JobDeliveryDto extends DeliveryDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_JOB_ID, description: 'The job that it tells of' })
  job_id: string;

  static override from(row: DeliveryRow): JobDeliveryDto {
    return { ...DeliveryDto.from(row), job_id: row.job_id };
  }
}

export class AllDeliveriesDto {
  @ApiProperty({ type: [JobDeliveryDto] })
  results: JobDeliveryDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}
