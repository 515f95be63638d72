import { ApiProperty } from '@nestjs/swagger';
import { PROMPT_FORM } from '../domain/prompt-versions.js';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../domain/vocabulary.js';
import type { JobAttempt, JobError } from '../ledger/generation-job.entity.js';
import { JobErrorDto } from './jobs.dto.js';

/** One claim of a job by a worker: a try, or what was none. */
export class AttemptDto {
  @ApiProperty({ type: 'integer', example: 1, description: 'Its number; an entry may be no try' })
  attempt: number;

  @ApiProperty({ enum: ATTEMPT_OUTCOMES, nullable: true, example: 'DONE', description: 'null: it runs' })
  outcome: AttemptOutcome | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T10:00:00.120Z' })
  started_at: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-11-23T10:00:02.310Z' })
  finished_at: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'gpt-4.1-mini' })
  model: string | null;

  @ApiProperty({
    ...PROMPT_FORM,
    nullable: true,
    example: 'v1',
    description: 'Version of the prompts; null: no call has ended, or of before there were versions',
  })
  prompt_version: string | null;

  @ApiProperty({ type: 'integer', example: 1, description: 'Those that ended' })
  calls: number;

  @ApiProperty({ type: 'integer', example: 412 })
  input_tokens: number;

  @ApiProperty({ type: 'integer', example: 388 })
  output_tokens: number;

  @ApiProperty({ type: 'integer', example: 2140 })
  duration_ms: number;

  @ApiProperty({ type: Number, nullable: true, example: 0.0007856 })
  cost: number | null;

  @ApiProperty({ type: JobErrorDto, nullable: true, example: null })
  error: JobError | null;

  @ApiProperty({ type: String, required: false, description: 'For scope admin' })
  worker?: string;

  @ApiProperty({ type: String, required: false, description: 'For scope admin: the service’s words' })
  reason?: string;

  /** @param forOperators whether the reader has scope admin */
  static from(entry: JobAttempt, forOperators: boolean): AttemptDto {
    const { attempt, worker, outcome = null, model = null, error = null, reason, cost = null } = entry;
    const { prompt_version = null } = entry;
    const { input_tokens, output_tokens = 0, duration_ms = 0, calls = input_tokens === undefined ? 0 : 1 } = entry;
    return {
      attempt,
      outcome,
      started_at: moment(entry.started_at),
      finished_at: entry.finished_at === undefined ? null : moment(entry.finished_at),
      model,
      prompt_version,
      calls,
      input_tokens: input_tokens ?? 0,
      output_tokens,
      duration_ms,
      cost,
      error,
      ...(forOperators && { worker, ...(reason && { reason }) }),
    };
  }
}

/** The database writes times in a form of its own. */
const moment = (time: string) => new Date(time).toISOString();

export class AttemptListDto {
  @ApiProperty({ type: [AttemptDto] })
  results: AttemptDto[];
}
