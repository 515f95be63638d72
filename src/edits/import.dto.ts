import { ApiProperty } from '@nestjs/swagger';
import {
  CONTEXT_TAGS,
  type ContextTag,
  DEFAULT_CONTEXT,
  DEFAULT_LOCALE,
  IMPORTED,
  type Imported,
  type Locale,
  LOCALE_TAGS,
  MOST_IMPORTED,
} from '../domain/vocabulary.js';
import { ItemsField, ProseField, SlugField, WordField } from '../http/fields.js';
import { unprocessable } from '../http/problem.js';

/** Most texts of one film or person. */
const MOST_TEXTS = 200;
/** Source: a CHECK of the database. */
const LONGEST_TEXT = 5000;

export class ImportTextDto {
  @WordField({ required: false, words: LOCALE_TAGS, default: DEFAULT_LOCALE, description: 'Language of the text' })
  locale: Locale = DEFAULT_LOCALE;

  @WordField({ required: false, words: CONTEXT_TAGS, default: DEFAULT_CONTEXT, description: 'Manner of the text' })
  context_tag: ContextTag = DEFAULT_CONTEXT;

  @ProseField({
    max: LONGEST_TEXT,
    example: 'A text of one’s own.',
    description: 'Markup and control characters are taken out',
  })
  text: string;
}

/** What an item has besides a name, a year and ids. */
export class ImportItemDto {
  @SlugField({ required: false, description: 'That of an export: says which one it is, and is that of a new one' })
  slug?: string;

  @ItemsField({
    required: false,
    of: () => ImportTextDto,
    max: MOST_TEXTS,
    description: 'Each becomes the next version, unless it is the newest one already',
  })
  texts?: ImportTextDto[];
}

class ImportedDto {
  @ApiProperty({ format: 'uuid', example: '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f' })
  id: string;

  @ApiProperty({ example: 'the-matrix-1999' })
  slug: string;

  @ApiProperty({ enum: IMPORTED, example: 'CREATED' })
  outcome: Imported;
}

export class ImportedListDto {
  @ApiProperty({ type: 'integer', example: 1, description: 'Texts that were stored' })
  texts: number;

  @ApiProperty({ type: [ImportedDto], description: 'What became of each item, in their order' })
  results: ImportedDto[];
}

export const badImport = unprocessable([
  { pointer: '/items', detail: `must be a list of 1..${MOST_IMPORTED} objects` },
]);
