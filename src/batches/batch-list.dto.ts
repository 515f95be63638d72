import { CursorField, IntegerField, WordField } from '../http/fields.js';
import { MetadataQuery } from '../http/metadata-field.js';
import type { Metadata } from '../domain/metadata.js';
import { type JobStatus, STATUSES } from '../domain/vocabulary.js';
import { EXAMPLE_JOB_ID } from '../jobs/examples.js';
import { cursorOf, idOf } from '../jobs/job-list.dto.js';

class PartQuery {
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
      max: 22, // 16 bytes
      example: cursorOf(EXAMPLE_JOB_ID),
      description: 'Goes on after the answer whose next_cursor it is',
    },
    (cursor) => (idOf(cursor) ? null : 'must be the next_cursor of an answer'),
  )
  cursor?: string;
}

export class ListBatchesQuery extends PartQuery {
  /** Names and texts that the key of the caller has noted, all of them. */
  @MetadataQuery()
  metadata?: Metadata;
}

export class BatchJobsQuery extends PartQuery {
  @WordField({ required: false, words: STATUSES, example: 'FAILED', description: 'State of the job' })
  status?: JobStatus;
}
