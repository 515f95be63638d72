import { ApiProperty } from '@nestjs/swagger';
import { type Caller, isAdmin } from '../access/caller.js';
import type { Metadata } from '../domain/metadata.js';
import { metadataProperty } from '../http/metadata-field.js';
import { unprocessable } from '../http/problem.js';
import { newJob } from '../jobs/examples.js';
import { JobDto } from '../jobs/jobs.dto.js';
import { ACTIVE_STATUSES, type JobStatus, STATUSES } from '../domain/vocabulary.js';
import type { BatchRow } from './batches.service.js';

/** The batch in every example. */
export const EXAMPLE_BATCH_ID = '019ab1d2-7c3e-7000-8000-0b0a0c0d0e0f';
/** Most items in one request. Source: the contract. */
export const MAX_ITEMS = 500;
/** Largest body of a batch, bytes: 2 KiB for each item. */
export const BATCH_BODY_LIMIT = 1024 * 1024;

/** The documentation that both batch routes share. */
export const BATCH_DESCRIPTION =
  'If one item is wrong, none is accepted; the error names it (/items/3/title). Equal items share one job.';
export const badItems = unprocessable([{ pointer: '/items', detail: `must be a list of 1..${MAX_ITEMS} objects` }]);

/** The answer of the batch routes. */
export class BatchAcceptedDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_BATCH_ID })
  batch_id: string;

  @ApiProperty({ type: [JobDto], description: 'The job of each item, in their order; equal items share one' })
  jobs: JobDto[];
}

export const exampleBatch = (): BatchAcceptedDto => ({ batch_id: EXAMPLE_BATCH_ID, jobs: [newJob()] });

type Counts = Record<JobStatus, number>;

/** The progress of the jobs of one request. */
export class BatchDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_BATCH_ID })
  batch_id: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: 'integer', example: 3, description: 'Items of the request' })
  total: number;

  @ApiProperty({
    type: 'object',
    description: 'Items by the status of their job; items whose job was forgotten are not counted',
    properties: Object.fromEntries(STATUSES.map((status) => [status, { type: 'integer', minimum: 0 }])),
    required: [...STATUSES],
    additionalProperties: false,
    example: countsOf({ DONE: 2, IN_PROGRESS: 1 }),
  })
  counts: Counts;

  @ApiProperty({ example: false, description: 'Whether none of its jobs is PENDING or IN_PROGRESS' })
  done: boolean;

  @ApiProperty(metadataProperty('What its key has noted on it, for that key'))
  metadata: Metadata;

  /** @param caller another key than that of the batch sees no notes, save an operator's */
  static from({ id, created_at, total, counts: found, ...row }: BatchRow, caller: Caller): BatchDto {
    const counts = countsOf(found ?? {});
    const done = ACTIVE_STATUSES.every((status) => counts[status] === 0);
    const metadata = (isAdmin(caller) || caller.key_id === row.api_key_id) && row.metadata;
    return { batch_id: id, created_at: created_at.toISOString(), total, counts, done, metadata: metadata || {} };
  }
}

function countsOf(found: Partial<Counts>): Counts {
  return Object.fromEntries(STATUSES.map((status) => [status, found[status] ?? 0])) as Counts;
}

/** The address of a batch, for Location and for links. */
export const batchPath = (id: string) => `/batches/${id}`;
