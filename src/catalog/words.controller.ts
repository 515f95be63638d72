import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { PublicRead } from '../access/auth.guard.js';
import { CatalogReads } from '../database/catalog-reads.js';
import { sql } from '../database/sql.js';
import { GENRE_SLUGS } from '../domain/genres.js';
import { tonesInUse } from '../domain/tones.js';
import {
  CONTEXT_FORM,
  type ContextTag,
  DEFAULT_CONTEXT,
  DEFAULT_LOCALE,
  type Locale,
  LOCALE_FORM,
  LOCALE_TAGS,
  LOCALES,
} from '../domain/vocabulary.js';
import { ConditionalAnswer } from '../http/conditional.js';
import { WordField } from '../http/fields.js';
import { Problems } from '../http/problem.js';
import { genreNames, type StoredGenre } from './genres.js';
import { badVariant } from './reading.dto.js';

class GenresQuery {
  @WordField({ required: false, words: LOCALE_TAGS, example: 'pl-PL', description: 'Language of the names' })
  locale?: Locale;
}

class GenreDto {
  @ApiProperty({ example: 'science-fiction', description: 'For the filter genre' })
  slug: string;

  @ApiProperty({ example: 'Science fiction' })
  name: string;

  @ApiProperty({ example: true, description: 'Whether there are films of it' })
  in_use: boolean;
}

class GenreListDto {
  @ApiProperty({ type: [GenreDto] })
  results: GenreDto[];
}

class LocaleDto {
  @ApiProperty({ ...LOCALE_FORM, example: 'pl-PL' })
  locale: Locale;

  @ApiProperty({ example: 'Polish' })
  name: string;

  @ApiProperty({ example: false, description: 'Whether it is meant where none is named' })
  is_default: boolean;
}

class LocaleListDto {
  @ApiProperty({ type: [LocaleDto] })
  results: LocaleDto[];
}

class ContextTagDto {
  @ApiProperty({ ...CONTEXT_FORM, example: 'humorous' })
  context_tag: ContextTag;

  @ApiProperty({ type: String, nullable: true, example: 'witty and light', description: 'What it is like' })
  description: string | null;

  @ApiProperty({ example: false, description: 'Whether it is meant where none is named' })
  is_default: boolean;
}

class ContextTagListDto {
  @ApiProperty({ type: [ContextTagDto] })
  results: ContextTagDto[];
}

/** Those of the list, and those that films of the version before have. */
const GENRES = `SELECT slug, name, EXISTS (SELECT 1 FROM movie_genres
    JOIN movies ON movies.id = movie_id WHERE genre_id = genres.id AND NOT hidden) AS in_use
  FROM genres`;

/** The words that requests may use. */
@ApiTags('movies')
@Controller()
export class WordsController {
  constructor(private readonly reads: CatalogReads) {}

  @Get('genres')
  @PublicRead()
  @ApiOperation({ operationId: 'listGenres', summary: 'Every genre, by its slug' })
  @ConditionalAnswer(GenreListDto, 'All of them')
  @Problems(badVariant)
  async genres(@Query() { locale }: GenresQuery): Promise<GenreListDto> {
    const stored = await this.reads.read((db) => sql<StoredGenre & { in_use: boolean }>(db, GENRES));
    const known = GENRE_SLUGS.filter((slug) => !stored.some((genre) => genre.slug === slug));
    const all = [...stored, ...known.map((slug) => ({ slug, name: slug, in_use: false }))];
    all.sort((one, other) => (one.slug < other.slug ? -1 : 1));
    const names = genreNames(all, locale);
    return { results: all.map(({ slug, in_use }, n) => ({ slug, name: names[n]!, in_use })) };
  }

  @Get('locales')
  @PublicRead()
  @ApiOperation({ operationId: 'listLocales', summary: 'Every language that texts are written in' })
  @ConditionalAnswer(LocaleListDto, 'All of them')
  locales(): LocaleListDto {
    const results = LOCALE_TAGS.map((locale) => ({
      locale,
      name: LOCALES[locale],
      is_default: locale === DEFAULT_LOCALE,
    }));
    return { results };
  }

  @Get('context-tags')
  @PublicRead()
  @ApiOperation({ operationId: 'listContextTags', summary: 'Every manner that texts are written in' })
  @ConditionalAnswer(ContextTagListDto, 'All of them')
  contextTags(): ContextTagListDto {
    const results = tonesInUse().map(({ name, description }) => ({
      context_tag: name,
      description,
      is_default: name === DEFAULT_CONTEXT,
    }));
    return { results };
  }
}
