import { ApiProperty } from '@nestjs/swagger';
import { MODEL_STATES, type ModelReport } from '../ledger/model-report.js';

const tokens = (example: number, description: string) => ApiProperty({ type: 'integer', example, description });
const moment = (description: string) =>
  ApiProperty({ type: String, format: 'date-time', nullable: true, example: null, description });
const text = (description: string) => ApiProperty({ type: String, nullable: true, example: null, description });

class ModelStateDto {
  @ApiProperty({ example: 'gpt-4.1-mini' })
  name: string;

  @ApiProperty({
    enum: MODEL_STATES,
    example: 'closed',
    description:
      'closed: it is asked. open: it is held, no job asks it. half-open: one job asks whether it is well again',
  })
  state: ModelReport['models'][number]['state'];

  @moment('Since when it is held; null: it is not')
  since: string | null;

  @moment('When a job asks it again; null: it is not held')
  next_probe_at: string | null;

  @text('What clients are told of the hold; null: it is not held')
  message: string | null;

  @text('The service’s own words; null: it said nothing, or is not held')
  reason: string | null;

  @ApiProperty({ type: 'integer', example: 0, description: 'Failures in a row; some more, and it is held' })
  failures: number;

  static from({ since, next_probe_at, ...model }: ModelReport['models'][number]): ModelStateDto {
    return {
      ...model,
      since: since && since.toISOString(),
      next_probe_at: next_probe_at && next_probe_at.toISOString(),
    };
  }
}

class MinuteTokensDto {
  @tokens(
    24_000,
    'Of the last minute: of tries that ended, or, where no limit is set, of jobs that ended and did not fail',
  )
  used: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 200_000,
    description: 'null: none. MODEL_TOKENS_PER_MINUTE',
  })
  limit: number | null;
}

class DailyTokensDto {
  @tokens(480_000, 'Of this day, UTC')
  used: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    example: 5_000_000,
    description: 'null: none, or no worker is alive. DAILY_TOKEN_BUDGET of the workers',
  })
  limit: number | null;
}

class KeyTokensDto {
  @ApiProperty({ format: 'uuid', example: '019ab1d2-9000-7000-8000-0a0b0c0d0e0f' })
  id: string;

  @ApiProperty({ example: 'website' })
  name: string;

  @tokens(12_000, 'Of this day, UTC')
  used: number;

  @tokens(100_000, 'What its jobs may take a day')
  limit: number;
}

export class ModelsDto {
  @ApiProperty({ type: [ModelStateDto], description: 'Those that living workers ask, and those that are held' })
  models: ModelStateDto[];

  @ApiProperty({ type: MinuteTokensDto })
  tokens_per_minute: MinuteTokensDto;

  @ApiProperty({ type: DailyTokensDto })
  daily_tokens: DailyTokensDto;

  @ApiProperty({
    type: [KeyTokensDto],
    description: 'Keys with a limit a day, those first that took most; at most 100',
  })
  keys: KeyTokensDto[];

  static from({ models, ...used }: ModelReport): ModelsDto {
    return { ...used, models: models.map((model) => ModelStateDto.from(model)) };
  }
}
