import { ApiProperty } from '@nestjs/swagger';
import { PROMPT_FORM } from './prompt-versions.js';
import { CONTEXT_FORM, type ContextTag, type Locale, LOCALE_FORM, ORIGINS } from './vocabulary.js';

/** A text in one locale and context tag. */
export class TextDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ ...LOCALE_FORM, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ ...CONTEXT_FORM, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ example: 'An original text of a few paragraphs.' })
  text: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version: number;

  @ApiProperty({ enum: ORIGINS, example: 'GENERATED' })
  origin: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'gpt-4.1-mini',
    description: 'Model that wrote it; mock for the mock, null for a text that somebody wrote',
  })
  ai_model: string | null;

  @ApiProperty({
    ...PROMPT_FORM,
    nullable: true,
    example: 'v1',
    description:
      'Version of the prompts it was asked with; null for a text of before there were versions, or of somebody',
  })
  prompt_version: string | null;

  @ApiProperty({ example: false, description: 'Somebody wrote or chose it: newer ones are not served in its place' })
  pinned: boolean;

  @ApiProperty({ format: 'date-time' })
  created_at: string;
}

/** A row of movie_descriptions or person_bios. */
export interface TextRow {
  id: string;
  locale: Locale;
  context_tag: ContextTag;
  version: number;
  text: string;
  origin: string;
  ai_model: string | null;
  /** `null`: somebody wrote it, or it is of before there were versions. */
  prompt_version: string | null;
  pinned: boolean;
  created_at: Date;
}

export const TEXT_COLUMNS =
  'id, locale, context_tag, version, text, origin, ai_model, prompt_version, pinned, created_at';

/** The order of the versions of one text: the first is the one that is served. */
export const CURRENT_FIRST = 'pinned DESC, version DESC';

export const textDto = ({
  id,
  locale,
  context_tag,
  text,
  version,
  origin,
  ai_model,
  prompt_version,
  pinned,
  created_at,
}: TextRow): TextDto => ({
  id,
  locale,
  context_tag,
  text,
  version,
  origin,
  ai_model,
  prompt_version,
  pinned,
  created_at: created_at.toISOString(),
});
