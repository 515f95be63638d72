import { ApiProperty } from '@nestjs/swagger';
import { FormField, IntegerField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import { TextDto } from '../domain/text.dto.js';
import {
  ALL_LOCALES,
  CONTEXT_FORM,
  CONTEXT_TAGS,
  type ContextTag,
  type Locale,
  LOCALE_FORM,
  LOCALE_TAGS,
} from '../domain/vocabulary.js';

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

/** A language that texts have or had. */
const KnownLocaleField = (description: string) =>
  FormField({
    required: false,
    pattern: `^(${ALL_LOCALES.join('|')})$`,
    min: LOCALE_FORM.minLength,
    max: LOCALE_FORM.maxLength,
    form: `one of ${ALL_LOCALES.join(', ')}`,
    example: 'pl-PL',
    description,
  });

/** A tone that texts have or had: those of a tone that no request may use any more are read on. */
const KnownToneField = (description: string) =>
  FormField({
    required: false,
    pattern: CONTEXT_FORM.pattern,
    min: CONTEXT_FORM.minLength,
    max: CONTEXT_FORM.maxLength,
    form: `one of ${CONTEXT_TAGS.join(', ')}`,
    example: 'humorous',
    description,
  });

/** @throws ProblemException 422 for a tone that is asked for, has no text and is none of the settings */
export function refuseUnknownTone(query: { context_tag?: ContextTag; tone?: ContextTag }): void {
  const asked = contextOf(query);
  if (asked === undefined || CONTEXT_TAGS.includes(asked)) return;
  const pointer = query.context_tag === undefined ? '/tone' : '/context_tag';
  throw unprocessable([{ pointer, detail: `must be one of ${CONTEXT_TAGS.join(', ')}` }]);
}

/** Which text of a film or a person is wanted. */
export class VariantQuery {
  @KnownLocaleField('Language, en-US when left out. Where there is no such text, that of en-US and DEFAULT is served')
  locale?: Locale;

  @KnownToneField('Manner, DEFAULT when left out. Where there is no such text, that of en-US and DEFAULT is served')
  context_tag?: ContextTag;

  @KnownToneField('The same as context_tag')
  tone?: ContextTag;
}

/** Which versions are wanted; there is no fallback to others. */
export class VersionsQuery extends PageQuery {
  @KnownLocaleField('Only this language')
  locale?: Locale;

  @KnownToneField('Only this manner')
  context_tag?: ContextTag;

  @KnownToneField('The same as context_tag')
  tone?: ContextTag;
}

/** The answers to a wrong page and to a wrong variant, for the documentation. */
export const badPage = unprocessable([{ pointer: '/per_page', detail: 'must be an integer 1..100' }]);
export const badVariant = unprocessable([{ pointer: '/locale', detail: `must be one of ${LOCALE_TAGS.join(', ')}` }]);

/** A text that can be asked for. */
export class VariantDto {
  @ApiProperty({ ...LOCALE_FORM, example: 'en-US' })
  locale: Locale;

  @ApiProperty({ ...CONTEXT_FORM, example: 'DEFAULT' })
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
