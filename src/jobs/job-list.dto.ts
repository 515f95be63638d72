import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { ApiProperty } from '@nestjs/swagger';
import { parse, stringify } from 'uuid';
import { CursorField, IntegerField, SlugField, WordField } from '../http/fields.js';
import { EXAMPLE_JOB_ID } from './examples.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Metadata } from '../domain/metadata.js';
import { MetadataQuery } from '../http/metadata-field.js';
import type { Reader } from '../ledger/notes.js';
import { JobDto } from './jobs.dto.js';
import { type JobStatus, STATUSES } from '../domain/vocabulary.js';

/** The id of the last job on the page. */
export const cursorOf = (id: string) => Buffer.from(parse(id)).toString('base64url');

/** `null`: the value is no cursor of this list. */
export function idOf(cursor: unknown): string | null {
  if (typeof cursor !== 'string' || !/^[\w-]{22}$/.test(cursor)) return null;
  try {
    return stringify(Buffer.from(cursor, 'base64url'));
  } catch {
    return null;
  }
}

export class ListJobsQuery {
  @WordField({ required: false, words: STATUSES, example: 'DONE', description: 'State of the job' })
  status?: JobStatus;

  @WordField({ required: false, words: ENTITIES, example: 'MOVIE', description: 'What is to be written' })
  entity?: EntityKind;

  @SlugField({
    required: false,
    example: 'the-matrix-1999',
    description: 'Slug of what was asked for, or of what was written',
  })
  slug?: string;

  /** Names and texts that the key of the caller has noted, all of them. */
  @MetadataQuery()
  metadata?: Metadata;

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

export class JobListDto {
  @ApiProperty({ type: [JobDto] })
  results: JobDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;

  /** @param rows one more than `limit` when there is a next page */
  static from(rows: GenerationJob[], limit: number, { days, reader }: { days: number; reader: Reader }): JobListDto {
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      results: shown.map((row) => JobDto.from(row, days, reader)),
      next_cursor: last ? cursorOf(last.id) : null,
    };
  }
}
