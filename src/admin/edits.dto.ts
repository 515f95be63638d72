import { ApiProperty } from '@nestjs/swagger';
import type { Block } from '../catalog/block.entity.js';
import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { CursorField, IntegerField } from '../http/fields.js';
import { cursorOf, idOf } from '../jobs/job-list.dto.js';

export const EXAMPLE_ID = '019ab1d2-9000-7000-8000-0a0b0c0d0e0f';

/** A part of a list of which ids are the order. */
export class IdPageQuery {
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
      max: 22,
      example: cursorOf(EXAMPLE_ID),
      description: 'Goes on after the answer whose next_cursor it is',
    },
    (cursor) => (idOf(cursor) ? null : 'must be the next_cursor of an answer'),
  )
  cursor?: string;
}

export class BlockDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  id: string;

  @ApiProperty({ enum: ENTITIES, example: 'PERSON' })
  entity: EntityKind;

  @ApiProperty({ example: 'Keanu Reeves', description: 'The name that it had' })
  name: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1964, description: 'Of the release, or of birth' })
  year: number | null;

  @ApiProperty({ example: 'keanu-reeves-1964' })
  slug: string;

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  static from({ id, entity, name, year, slug, created_at }: Block): BlockDto {
    return { id, entity, name, year, slug, created_at: created_at.toISOString() };
  }
}

export class BlockListDto {
  @ApiProperty({ type: [BlockDto] })
  results: BlockDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}

/** @param rows one more than `limit` when there is a next page */
export function idPage<Row extends { id: string }, Dto>(rows: Row[], limit: number, shown: (row: Row) => Dto) {
  const results = rows.slice(0, limit);
  const last = rows.length > limit ? results.at(-1) : undefined;
  return { results: results.map(shown), next_cursor: last ? cursorOf(last.id) : null };
}
