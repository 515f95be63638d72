import { ApiProperty } from '@nestjs/swagger';
import { IntegerField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import { TextDto } from '../domain/text.dto.js';
import { CONTEXT_TAGS, type ContextTag, type Locale, LOCALE_TAGS } from '../domain/vocabulary.js';

/** How a search matches, for the documentation. */
export const SEARCH = 'Accents do not count, a few typos are forgiven, the best fit comes first';

/** Page and size of a list. */
export class PageQuery {
  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: 1_000_000,
    default: 1,
    example: 1,
    description: 'Page, from 1',
  })
  page = 1;

  @IntegerField({
    required: false,
    query: true,
    min: 1,
    max: 100,
    default: 20,
    example: 20,
    description: 'Results a page',
  })
  per_page = 20;
}

/** A page of a list, without its results. */
export class PageDto {
  @ApiProperty({ type: 'integer', example: 1 })
  page: number;

  @ApiProperty({ type: 'integer', example: 20 })
  per_page: number;

  @ApiProperty({ type: 'integer', example: 1 })
  total_pages: number;

  @ApiProperty({ type: 'integer', example: 1 })
  total_results: number;
}

/** The other name of `context_tag`. */
export const ToneField = () =>
  WordField({ required: false, words: CONTEXT_TAGS, example: 'humorous', description: 'The same as context_tag' });

/**
 * The manner of a request, by either of its names.
 * @throws ProblemException 422 when both are given and differ
 */
export function contextOf({ context_tag, tone }: { context_tag?: ContextTag; tone?: ContextTag }) {
  if (context_tag !== undefined && tone !== undefined && context_tag !== tone)
    throw unprocessable([{ pointer: '/tone', detail: 'differs from context_tag, which is the same' }]);
  return context_tag ?? tone;
}

/** Which text of a film or a person is wanted. */
export class VariantQuery {
  @WordField({
    required: false,
    words: LOCALE_TAGS,
    example: 'pl-PL',
    description: 'Language, en-US when left out. Where there is no such text, that of en-US and DEFAULT is served',
  })
  locale?: Locale;

  @WordField({
    required: false,
    words: CONTEXT_TAGS,
    example: 'humorous',
    description: 'Manner, DEFAULT when left out. Where there is no such text, that of en-US and DEFAULT is served',
  })
  context_tag?: ContextTag;

  @ToneField()
  tone?: ContextTag;
}

/** Which versions are wanted; there is no fallback to others. */
export class VersionsQuery extends PageQuery {
  @WordField({ required: false, words: LOCALE_TAGS, example: 'pl-PL', description: 'Only this language' })
  locale?: Locale;

  @WordField({ required: false, words: CONTEXT_TAGS, example: 'humorous', description: 'Only this manner' })
  context_tag?: ContextTag;

  @ToneField()
  tone?: ContextTag;
}

/** The answers to a wrong page and to a wrong variant, for the documentation. */
export const badPage = unprocessable([{ pointer: '/per_page', detail: 'must be an integer 1..100' }]);
export const badVariant = unprocessable([{ pointer: '/locale', detail: `must be one of ${LOCALE_TAGS.join(', ')}` }]);

/** A text that can be asked for. */
export class VariantDto {
  @ApiProperty({ enum: LOCALE_TAGS, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ enum: CONTEXT_TAGS, example: 'DEFAULT' })
  context_tag: ContextTag;

  @ApiProperty({ type: 'integer', example: 1, description: 'The version that is served' })
  version: number;
}

/** A version of a text among the others. */
export class TextVersionDto extends TextDto {
  @ApiProperty({ example: true, description: 'Whether it is the version that is served' })
  current: boolean;
}

/** All texts of one film or person, page by page. */
export class VersionPageDto extends PageDto {
  @ApiProperty({ example: 'the-matrix-1999', description: 'Whose versions these are' })
  slug: string;

  @ApiProperty({ type: [TextVersionDto] })
  results: TextVersionDto[];
}
