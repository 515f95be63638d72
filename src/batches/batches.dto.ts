import { ApiProperty } from '@nestjs/swagger';
import { type Caller, isAdmin } from '../access/caller.js';
import type { Metadata } from '../domain/metadata.js';
import { metadataProperty } from '../http/metadata-field.js';
import { unprocessable } from '../http/problem.js';
import { COUNTS_SCHEMA, type Counts, countsOf } from '../jobs/counts.dto.js';
import { EXAMPLE_BATCH_ID, newJob } from '../jobs/examples.js';
import { JobDto } from '../jobs/jobs.dto.js';
import { ACTIVE_STATUSES } from '../domain/vocabulary.js';
import type { Estimate } from '../ledger/estimates.js';
import type { Batch } from './batch.entity.js';
import type { BatchRow } from './batches.service.js';

/** Most items in one request. Source: the contract. */
export const MAX_ITEMS = 500;
/** Most jobs of one request, where locales and manners multiply its items. */
export const MAX_JOBS = 5000;
/** Largest body of a batch, bytes: 2 KiB for each item. */
export const BATCH_BODY_LIMIT = 1024 * 1024;

/** The documentation that both batch routes share. */
export const BATCH_DESCRIPTION =
  'If one item is wrong, none is accepted; the error names it (/items/3/title). Equal items share one job. ' +
  'locales and context_tags multiply the items.';
export const badItems = unprocessable([{ pointer: '/items', detail: `must be a list of 1..${MAX_ITEMS} objects` }]);

/** What new jobs are expected to take. */
export class EstimateDto implements Estimate {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 412_000,
    description: 'Of the new jobs, by the last of their kind; null: not known',
  })
  input_tokens: number | null;

  @ApiProperty({ type: 'integer', nullable: true, example: 388_000 })
  output_tokens: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 0.7856, description: 'null: a model has no price' })
  cost: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 240,
    description: 'Until they are finished, at the present rate, with what waits before them',
  })
  seconds: number | null;
}

/** The answer of the batch routes. */
export class BatchAcceptedDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_BATCH_ID })
  batch_id: string;

  @ApiProperty({ type: 'integer', example: 1, description: 'Items, multiplied' })
  total: number;

  @ApiProperty({ type: EstimateDto })
  estimate: EstimateDto;

  @ApiProperty({ type: [JobDto], description: 'The job of each item, in their order; equal items share one' })
  jobs: JobDto[];
}

export const exampleBatch = (): BatchAcceptedDto => ({
  batch_id: EXAMPLE_BATCH_ID,
  total: 1,
  estimate: { input_tokens: 412, output_tokens: 388, cost: 0.0007856, seconds: 3 },
  jobs: [newJob()],
});

/** What a batch would make, had it not been a trial. */
export class DryRunDto {
  @ApiProperty({ type: 'integer', example: 1000, description: 'Items, multiplied' })
  total: number;

  @ApiProperty({ type: 'integer', example: 980, description: 'Jobs that would be made' })
  new: number;

  @ApiProperty({ type: 'integer', example: 15, description: 'Items that would share an active job, or one of these' })
  joined: number;

  @ApiProperty({ type: 'integer', example: 5, description: 'Items whose text is there and would be reused' })
  reused: number;

  @ApiProperty({ type: EstimateDto })
  estimate: EstimateDto;
}

/** A batch in a list. */
export class BatchSummaryDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_BATCH_ID })
  batch_id: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When none of its jobs went on any more, for the first time. It is noticed within seconds',
  })
  completed_at: string | null;

  @ApiProperty({ type: 'integer', example: 3, description: 'Items of the request, multiplied' })
  total: number;

  @ApiProperty(metadataProperty('What its key has noted on it, for that key'))
  metadata: Metadata;

  /** @param caller another key than that of the batch sees no notes, save an operator's */
  static from({ id, created_at, completed_at, total, ...row }: Batch, caller: Caller): BatchSummaryDto {
    const isOwn = isAdmin(caller) || caller.key_id === row.api_key_id;
    return {
      batch_id: id,
      created_at: created_at.toISOString(),
      completed_at: completed_at?.toISOString() ?? null,
      total,
      metadata: (isOwn && row.metadata) || {},
    };
  }
}

/** The progress of the jobs of one request. */
export class BatchDto extends BatchSummaryDto {
  @ApiProperty(COUNTS_SCHEMA)
  counts: Counts;

  @ApiProperty({ example: false, description: 'Whether none of its jobs is PENDING or IN_PROGRESS' })
  done: boolean;

  static override from(row: BatchRow, caller: Caller): BatchDto {
    const counts = countsOf(row.counts ?? {});
    const done = ACTIVE_STATUSES.every((status) => counts[status] === 0);
    return { ...BatchSummaryDto.from(row, caller), counts, done };
  }
}

export class BatchListDto {
  @ApiProperty({ type: [BatchSummaryDto] })
  results: BatchSummaryDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}

export class BatchRetriedDto {
  @ApiProperty({ type: 'integer', example: 2, description: 'Jobs that are in line again' })
  retried: number;

  @ApiProperty({
    type: 'integer',
    example: 0,
    description: 'FAILED ones that stay so: another key made them, or another job for their subject is active',
  })
  left: number;
}

export class BatchCancelledDto {
  @ApiProperty({ type: 'integer', example: 2, description: 'Jobs that ended; running model calls are aborted' })
  cancelled: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Jobs that go on, because other keys want them' })
  left: number;
}

/** The address of a batch, for Location and for links. */
export const batchPath = (id: string) => `/batches/${id}`;
