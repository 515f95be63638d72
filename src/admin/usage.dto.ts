import { ApiProperty } from '@nestjs/swagger';
import type { EntityKind } from '../domain/kinds.js';
import { DayField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import { USES_BY, type UsesBy } from '../domain/vocabulary.js';
import type { Uses, UsesOfGroup } from '../ledger/use-sums.js';

/** Days of an answer whose beginning is not asked for, the last one included. */
const DAYS = 30;
const DAY_MS = 86_400_000;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

export class UsageQuery {
  @DayField({ required: false, example: '2026-11-01', description: 'First day (UTC); default 30 days up to `to`' })
  from?: string;

  @DayField({ required: false, example: '2026-11-30', description: 'Last day; default today' })
  to?: string;

  @WordField({ required: false, words: USES_BY, default: 'day', example: 'day', description: 'What it is added up by' })
  by: UsesBy = 'day';
}

/** @throws ProblemException 422 when it ends before it begins */
export function daysOf({ from, to = dayOf(Date.now()) }: UsageQuery): { from: string; to: string } {
  const first = from ?? dayOf(Date.parse(to) - (DAYS - 1) * DAY_MS);
  if (first > to) throw unprocessable([{ pointer: '/to', detail: `must not be before ${first}` }]);
  return { from: first, to };
}

export class UsageDto implements Uses {
  @ApiProperty({ type: String, required: false, format: 'date', example: '2026-11-23' })
  day?: string;

  @ApiProperty({
    type: String,
    required: false,
    nullable: true,
    format: 'uuid',
    description: 'null: jobs without a key',
  })
  key?: string | null;

  @ApiProperty({ type: String, required: false, nullable: true })
  key_name?: string | null;

  @ApiProperty({ type: String, required: false })
  model?: string;

  @ApiProperty({ type: String, required: false })
  entity?: EntityKind;

  @ApiProperty({
    type: String,
    required: false,
    nullable: true,
    description: 'Version of the prompts; null: calls of before they were counted by it',
  })
  prompt?: string | null;

  @ApiProperty({ type: 'integer', example: 12 })
  calls: number;

  @ApiProperty({ type: 'integer', example: 4944 })
  input_tokens: number;

  @ApiProperty({ type: 'integer', example: 4656 })
  output_tokens: number;

  @ApiProperty({ type: 'integer', example: 25_680 })
  duration_ms: number;

  @ApiProperty({ type: Number, nullable: true, example: 0.0094272, description: 'null: a model has no price' })
  cost: number | null;
}

export class UsageReportDto {
  @ApiProperty({ format: 'date', example: '2026-11-01' })
  from: string;

  @ApiProperty({ format: 'date', example: '2026-11-30' })
  to: string;

  @ApiProperty({ enum: USES_BY, example: 'day' })
  by: UsesBy;

  @ApiProperty({ type: UsageDto })
  total: UsageDto;

  @ApiProperty({ type: [UsageDto], description: 'Days in their order, others by their tokens' })
  results: UsageDto[];

  static from(rows: UsesOfGroup[], by: UsesBy, days: { from: string; to: string }): UsageReportDto {
    const sums = rows.map(({ value, name, is_total, ...uses }) => {
      if (is_total) return uses;
      return { [by]: value, ...(by === 'key' && { key_name: name }), ...uses };
    });
    return { ...days, by, total: sums.at(-1)!, results: sums.slice(0, -1) };
  }
}
