import { ApiProperty } from '@nestjs/swagger';
import { ACTORS, type Actor } from '../audit/actions.js';
import { ENTITIES, type EntityKind } from '../domain/kinds.js';
import { PROMPT_FORM } from '../domain/prompt-versions.js';
import { TextDto, textDto } from '../domain/text.dto.js';
import {
  LONGEST_REVIEW_NOTE,
  CONTEXT_FORM,
  type ContextTag,
  type Locale,
  LOCALE_FORM,
  type TextVerdict,
  TEXT_VERDICTS,
} from '../domain/vocabulary.js';
import type { SampledText, SampleFilter } from '../edits/sampled-texts.js';
import type { TextReview } from '../edits/text-review.entity.js';
import type { Mark, Verdicts } from '../edits/text-reviews.js';
import { FormField, IntegerField, TextField, WordField } from '../http/fields.js';
import { EXAMPLE_ID, IdPageQuery } from './edits.dto.js';

/** Most texts that are drawn at once: nobody reads more in one go. */
export const MOST_DRAWN = 50;
const LONGEST_NAME = 255;

const VERSION = { ...PROMPT_FORM, nullable: true, example: 'v1', description: 'null: of before there were versions' };

export class SampleQuery implements SampleFilter {
  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: MOST_DRAWN,
    default: 20,
    example: 20,
    description: 'How many; fewer where there are not more',
  })
  size = 20;

  @TextField({
    required: false,
    min: 1,
    max: LONGEST_NAME,
    missing: 'must be a string',
    example: 'gpt-4.1-mini',
    description: 'Model that wrote them',
  })
  model?: string;

  @FormField({
    required: false,
    pattern: PROMPT_FORM.pattern,
    min: PROMPT_FORM.minLength,
    max: PROMPT_FORM.maxLength,
    form: 'a version such as v1',
    example: 'v1',
    description: 'Version of the prompts they were asked with',
  })
  prompt_version?: string;

  @WordField({ required: false, words: ENTITIES, example: 'MOVIE', description: 'What they are about' })
  entity?: EntityKind;
}

export class SampledTextDto {
  @ApiProperty({ enum: ENTITIES, example: 'MOVIE' })
  entity: EntityKind;

  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({ example: 'The Matrix', description: 'Title or name' })
  name: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 1999, description: 'Of the release, or of birth' })
  year: number | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { director: 'Lana Wachowski, Lilly Wachowski', genres: ['action', 'science-fiction'] },
    description: 'What is known of it, in the form in which a prompt is told',
  })
  facts: object;

  @ApiProperty({ type: TextDto })
  text: TextDto;

  static from({ text, ...about }: SampledText): SampledTextDto {
    return { ...about, text: textDto(text) };
  }
}

export class SampleDto {
  @ApiProperty({ type: [SampledTextDto], description: 'In no order' })
  results: SampledTextDto[];
}

export class MarkDto {
  @WordField({ words: TEXT_VERDICTS, example: 'bad', description: 'Whether it can stand as it is' })
  verdict: TextVerdict;

  @TextField({
    required: false,
    min: 1,
    max: LONGEST_REVIEW_NOTE,
    missing: 'must be a string',
    example: 'Tells the ending.',
    description: 'Why; it is kept when the text is removed, so none of the text belongs here',
  })
  note?: string;
}

export const markOf = ({ verdict, note }: MarkDto): Mark => ({ verdict, note: note ?? null });

export class ReviewDto {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ID })
  text_id: string;

  @ApiProperty({ enum: ENTITIES, example: 'MOVIE' })
  entity: EntityKind;

  @ApiProperty({ example: 'the-matrix-1999', description: 'The slug that it had then' })
  slug: string;

  @ApiProperty({ ...LOCALE_FORM, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ ...CONTEXT_FORM, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ example: 'gpt-4.1-mini' })
  model: string;

  @ApiProperty(VERSION)
  prompt_version: string | null;

  @ApiProperty({ enum: TEXT_VERDICTS, example: 'bad' })
  verdict: TextVerdict;

  @ApiProperty({ type: String, nullable: true, example: 'Tells the ending.' })
  note: string | null;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ enum: ACTORS, example: 'key', description: 'Who judged it; see GET /admin/audit' })
  actor: Actor;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'null: it was no key' })
  api_key_id: string | null;

  static from({ id: _id, at, ...review }: TextReview): ReviewDto {
    return { ...review, at: at.toISOString() };
  }
}

export class ReviewsQuery extends IdPageQuery {
  @WordField({ required: false, words: TEXT_VERDICTS, example: 'bad', description: 'Those that were judged so' })
  verdict?: TextVerdict;
}

export class ReviewListDto {
  @ApiProperty({ type: [ReviewDto] })
  results: ReviewDto[];

  @ApiProperty({ type: String, nullable: true, example: null, description: 'For cursor; null: there is no more' })
  next_cursor: string | null;
}

class VerdictsDto implements Verdicts {
  @ApiProperty({ example: 'gpt-4.1-mini' })
  model: string;

  @ApiProperty(VERSION)
  prompt_version: string | null;

  @ApiProperty({ type: 'integer', example: 41 })
  good: number;

  @ApiProperty({ type: 'integer', example: 3 })
  bad: number;
}

export class ReviewSummaryDto {
  @ApiProperty({ type: [VerdictsDto], description: 'By model, and then by version of the prompts' })
  results: VerdictsDto[];
}
