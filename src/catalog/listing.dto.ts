import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { lastYear } from '../domain/slug.js';
import { validate as isUuid } from 'uuid';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { FlagField, FormField, IntegerField, ListField, MomentField, whyNotSlug, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';
import { CONTEXT_TAGS, type ContextTag, type Locale, LOCALE_TAGS } from '../domain/vocabulary.js';
import { PageDto, PageQuery, ToneField } from './reading.dto.js';

/** What a list may be sorted by. */
export const SORTS = ['title', 'year', 'updated'] as const;
export type Sort = (typeof SORTS)[number];

/** Most that can be asked for by name: as many as a page has. */
export const MOST_NAMED = 100;

const YearField = (example: number, description: string) =>
  IntegerField({ required: false, query: true, min: EARLIEST_BIRTH, max: lastYear, example, description });

export const SlugsField = (example: string) =>
  ListField({
    required: false,
    max: MOST_NAMED,
    longest: 255,
    item: '[a-z0-9-]+',
    example,
    description: 'The same by slugs',
    whyNot: whyNotSlug,
  });

/** The query of a list of films or of people. What is of one kind alone is added by it. */
export class CatalogQuery extends PageQuery {
  @FlagField({
    required: false,
    default: true,
    example: true,
    description: 'false: entries known only from a filmography or a cast, without a text. With ids or slugs: both',
  })
  has_text?: boolean;

  @ListField({
    required: false,
    max: MOST_NAMED,
    longest: 36,
    item: '[0-9A-Fa-f-]+',
    example: '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f',
    description: 'Only these ids, up to 100 joined by commas, in their order, on one page',
    whyNot: (id) => (isUuid(id) ? null : 'must contain UUIDs only'),
  })
  ids?: string[];

  /** Its example is of the kind. */
  slugs?: string[];

  @WordField({
    required: false,
    words: LOCALE_TAGS,
    example: 'pl-PL',
    description: 'Only what has a text in this language. With include: the language of the text, as for a single one',
  })
  locale?: Locale;

  @WordField({
    required: false,
    words: CONTEXT_TAGS,
    example: 'humorous',
    description: 'The same of its manner',
  })
  context_tag?: ContextTag;

  @ToneField()
  tone?: ContextTag;

  @FormField({
    required: false,
    pattern: '^[a-z]{2}-[A-Z]{2}/[A-Za-z][A-Za-z0-9_-]*$',
    min: 7,
    max: 46,
    form: 'a locale and a context tag, as in de-DE/humorous',
    example: 'de-DE/humorous',
    description: 'Only what has no text in this language and manner, but another one; with has_text=false: none at all',
  })
  missing?: string;

  @YearField(1960, 'Of this year or later')
  year_from?: number;

  @YearField(1999, 'Of this year or earlier')
  year_to?: number;

  @MomentField({
    required: false,
    example: '2026-01-01T00:00:00Z',
    description: 'Changed since this time, or for so long',
  })
  updated_since?: Date;

  @WordField({
    required: false,
    words: SORTS,
    example: 'title',
    description: 'By title or name, the newest year first, or the last change first; else the best match of q first',
  })
  sort?: Sort;
}

/** A page of films or of people, without its results. */
export class CatalogPageDto extends PageDto {
  @ApiPropertyOptional({
    type: [String],
    example: ['no-such-film-2001'],
    description: 'With ids or slugs: those of them that there are not',
  })
  unknown?: string[];
}

/**
 * The year of a query, by either of its names.
 * @throws ProblemException 422 when the names differ, or the years from and to are the wrong way round
 */
export function yearOf(query: CatalogQuery, name: string, byName: number | undefined, year: number | undefined) {
  if (byName !== undefined && year !== undefined && byName !== year)
    throw unprocessable([{ pointer: `/${name}`, detail: 'differs from year, which is the same' }]);
  const { year_from, year_to } = query;
  if (year_from !== undefined && year_to !== undefined && year_from > year_to)
    throw unprocessable([{ pointer: '/year_to', detail: 'must not be before year_from' }]);
  return byName ?? year;
}
