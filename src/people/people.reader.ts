import { FACTS_ORIGIN } from '../domain/given-facts.js';
import { KINDS } from '../domain/kinds.js';
import { textDto } from '../domain/text.dto.js';
import { Injectable } from '@nestjs/common';
import type { PersonRefDto } from '../domain/references.dto.js';
import { CatalogReads } from '../database/catalog-reads.js';
import type { Session } from '../database/sql.js';
import { notFound } from '../http/problem.js';
import { findAddressed } from '../catalog/names.js';
import { creditsOf } from '../catalog/credits.js';
import {
  type PageQuery,
  refuseUnknownTone,
  type VariantQuery,
  type VersionPageDto,
  type VersionsQuery,
} from '../catalog/reading.dto.js';
import { choose, chosenDto, type ChosenText, currentTexts, versionsOf } from '../catalog/reading.js';
import { listOf } from '../catalog/filters.js';
import { yearOf } from '../catalog/listing.dto.js';
import { listing } from '../catalog/listing.js';
import type { List } from '../catalog/search.js';
import type {
  ListedPersonDto,
  ListPeopleQuery,
  PersonDto,
  PersonMovieDto,
  PersonMoviesPageDto,
  PersonPageDto,
  PersonSummaryDto,
} from './people.dto.js';

export interface PersonRow extends Omit<PersonSummaryDto, 'created_at' | 'updated_at' | 'external_ids'> {
  imdb_id: string | null;
  tmdb_id: number | null;
  created_at: Date;
  updated_at: Date;
  hidden: boolean;
  /** In a list with texts. */
  chosen?: ChosenText | null;
  locales?: string[];
}

/** The date as text: a Date would shift it by the time zone. */
const COLUMNS = `people.id, people.slug, name, birth_year, birth_date::text, birthplace, imdb_id, tmdb_id,
  hidden, ${FACTS_ORIGIN}, created_at, updated_at,
  ARRAY(SELECT other.name FROM person_names AS other WHERE other.person_id = people.id AND source = 'OTHER'
    ORDER BY other.created_at, other.name) AS other_names`;

const FILMS = {
  columns: 'slug, title, release_year, role, part.character_name',
  order: 'release_year DESC NULLS LAST, title, role, movies.id',
};

/** Most people of one name that an answer names; the list has them all. */
const MAX_ALTERNATIVES = 20;

export const noPerson = () => notFound('There is no such person. POST /people/generate has the biography written.');

/** The people that a list asks for. */
export function peopleOf(query: ListPeopleQuery, given?: string[]): List {
  const year = yearOf(query, 'birth_year', query.birth_year, query.year);
  const withTexts = query.include !== undefined;
  return listOf(KINDS.PERSON, query, { columns: COLUMNS, year, withTexts, filters: () => [] }, given);
}

/** Reading people. It never creates a row, queues a job or calls a model. */
@Injectable()
export class PeopleReader {
  constructor(private readonly reads: CatalogReads) {}

  list(query: ListPeopleQuery): Promise<PersonPageDto> {
    const shown = (row: PersonRow) => (query.include ? withText(row) : summary(row));
    return this.reads.read((db) => listing(db, KINDS.PERSON, query, (given) => peopleOf(query, given), shown));
  }

  get(slugOrId: string, variant: VariantQuery, withHidden: boolean): Promise<PersonDto> {
    return this.about(slugOrId, { withHidden, asked: variant }, async (db, person, others) => {
      const texts = await currentTexts(db, 'person_bios', person.id);
      const movies = await creditsOf<PersonMovieDto>(db, KINDS.PERSON, FILMS, person.id);
      const chosen = choose(texts, variant);
      const self = `/people/${person.slug}`;
      return {
        ...summary(person),
        bio: chosen && textDto(chosen),
        variants: texts.map(({ id, locale, context_tag, version }) => ({ locale, context_tag, version, bio_id: id })),
        movies: movies.results,
        movies_total: movies.total_results,
        ambiguous: others.length > 0,
        hidden: person.hidden,
        alternatives: others.map(({ slug, name, birth_year }): PersonRefDto => ({ slug, name, birth_year })),
        links: { self, bios: `${self}/bios`, movies: `${self}/movies` },
      };
    });
  }

  bios(slugOrId: string, query: VersionsQuery, withHidden: boolean): Promise<VersionPageDto> {
    return this.about(slugOrId, { withHidden, asked: query }, (db, person) =>
      versionsOf(db, 'person_bios', person, query),
    );
  }

  movies(slugOrId: string, query: PageQuery, withHidden: boolean): Promise<PersonMoviesPageDto> {
    return this.about(slugOrId, { withHidden }, async (db, { id, slug }) => ({
      slug,
      ...(await creditsOf<PersonMovieDto>(db, KINDS.PERSON, FILMS, id, query)),
    }));
  }

  /** The exact person first. For a slug without a year, all people of that name follow, the last born first. */
  private about<T>(
    slugOrId: string,
    { withHidden, asked = {} }: { withHidden: boolean; asked?: VariantQuery },
    ask: (db: Session, person: PersonRow, others: PersonRow[]) => Promise<T>,
  ): Promise<T> {
    return this.reads.read(async (db) => {
      const [person, ...others] = await find(db, slugOrId, withHidden);
      if (!person) refuseUnknownTone(asked);
      if (!person) throw noPerson();
      return ask(db, person, others);
    });
  }
}

const find = (db: Session, address: string, withHidden: boolean) =>
  findAddressed<PersonRow>(db, KINDS.PERSON, { address, columns: COLUMNS, withHidden }, 1 + MAX_ALTERNATIVES);

const withText = (row: PersonRow): ListedPersonDto => ({
  ...summary(row),
  bio: chosenDto(row.chosen ?? null),
  locales: row.locales,
});

export function summary(row: PersonRow): PersonSummaryDto {
  const { id, slug, name, other_names, birth_year, birth_date, birthplace } = row;
  return {
    id,
    slug,
    name,
    other_names,
    external_ids: { imdb: row.imdb_id, tmdb: row.tmdb_id },
    birth_year,
    birth_date,
    birthplace,
    facts_origin: row.facts_origin,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
