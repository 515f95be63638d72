import { ApiProperty } from '@nestjs/swagger';
import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { IntegerField, WordField } from '../http/fields.js';
import { type Happened, MOST_HOURS, STEP_SECONDS } from '../metrics/activity.js';

/** Hours up to which the steps are so long: an answer has between 12 and 96 of them. */
const STEPS = [
  { hours: 6, seconds: STEP_SECONDS },
  { hours: 24, seconds: 900 },
  { hours: 72, seconds: 3600 },
  { hours: MOST_HOURS, seconds: 7200 },
];

export class ActivityQuery {
  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: MOST_HOURS,
    default: 24,
    example: 24,
    description: 'How far back',
  })
  hours = 24;

  @WordField({ required: false, words: ENTITIES, example: 'MOVIE', description: 'Only jobs of this kind' })
  entity?: EntityKind;

  get stepSeconds(): number {
    return STEPS.find(({ hours }) => this.hours <= hours)!.seconds;
  }
}

const count = (example: number, description: string) => ApiProperty({ type: 'integer', example, description });

class HappenedDto {
  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.000Z', description: 'When this step begins' })
  at: string;

  @count(120, 'Jobs that were accepted')
  accepted: number;

  @count(117, 'Jobs that ended DONE')
  done: number;

  @count(2, 'Jobs that ended FAILED, also where they were retried later')
  failed: number;

  @count(1, 'Jobs that ended CANCELLED')
  cancelled: number;

  @count(0, 'Jobs that ended EXPIRED')
  expired: number;

  @count(49_440, 'Tokens that models read')
  input_tokens: number;

  @count(46_560, 'Tokens that models wrote')
  output_tokens: number;

  static from({ at, ...counts }: Happened): HappenedDto {
    return { at: at.toISOString(), ...counts };
  }
}

export class ActivityDto {
  @count(900, 'How long a step is')
  step_seconds: number;

  @ApiProperty({ type: [HappenedDto], description: 'Every step, the oldest first; the last one is not over yet' })
  results: HappenedDto[];

  static from(rows: Happened[], step_seconds: number): ActivityDto {
    return { step_seconds, results: rows.map((row) => HappenedDto.from(row)) };
  }
}
