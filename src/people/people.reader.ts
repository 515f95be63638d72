import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { sql } from '../database/sql.js';
import { notFound } from '../http/problem.js';
import { EARLIEST_BIRTH } from '../jobs/slug.js';
import { findMeant } from '../movies/catalog.js';
import type { VariantQuery, VersionPageDto, VersionsQuery } from '../movies/reading.dto.js';
import { choose, newestTexts, page, textDto, versionsOf } from '../movies/reading.js';
import { type List, listed, searched } from '../movies/search.js';
import type {
  ListPeopleQuery,
  PersonDto,
  PersonMovieDto,
  PersonPageDto,
  PersonRefDto,
  PersonSummaryDto,
} from './people.dto.js';

interface PersonRow extends Omit<PersonSummaryDto, 'created_at' | 'updated_at'> {
  created_at: Date;
  updated_at: Date;
}

/** The date as text: a Date would shift it by the time zone. */
const COLUMNS = `id, slug, name, birth_year, birth_date::text, birthplace, created_at, updated_at`;

/** People of one name that are named; more than that is a job for the list. */
const MAX_ALTERNATIVES = 20;

export const noPerson = () => notFound('There is no such person. POST /people/generate has the biography written.');

export const peopleOf = ({ year, has_text }: ListPeopleQuery): List => ({
  table: 'people',
  columns: COLUMNS,
  where: '($1::int IS NULL OR birth_year = $1) AND has_text = $2',
  values: [year ?? null, has_text],
});

/** Reading people. Nothing here creates a row, queues a job or calls a model. */
@Injectable()
export class PeopleReader {
  constructor(private readonly db: DataSource) {}

  async list(query: ListPeopleQuery): Promise<PersonPageDto> {
    const list = peopleOf(query);
    const { total, rows } = await (query.q === undefined
      ? listed<PersonRow>(this.db, list, query)
      : searched<PersonRow>(this.db, list, query.q, query));
    return page(query, total, rows.map(summary));
  }

  async get(slugOrId: string, variant: VariantQuery): Promise<PersonDto> {
    const [person, ...others] = await this.find(slugOrId);
    if (!person) throw noPerson();
    const texts = await newestTexts(this.db, 'person_bios', person.id);
    const chosen = choose(texts, variant);
    return {
      ...summary(person),
      bio: chosen && textDto(chosen),
      variants: texts.map(({ id, locale, context_tag, version }) => ({ locale, context_tag, version, bio_id: id })),
      movies: await this.movies(person.id),
      ambiguous: others.length > 0,
      alternatives: others.map(({ slug, name, birth_year }): PersonRefDto => ({ slug, name, birth_year })),
      links: { self: `/people/${person.slug}`, bios: `/people/${person.slug}/bios` },
    };
  }

  async bios(slugOrId: string, query: VersionsQuery): Promise<VersionPageDto> {
    const [person] = await this.find(slugOrId);
    if (!person) throw noPerson();
    return versionsOf(this.db, 'person_bios', person, query);
  }

  /** Exactly that person first; after, or in that place, for a slug without a year all of that name, the last born first. */
  private find(slugOrId: string): Promise<PersonRow[]> {
    if (isUuid(slugOrId)) return sql(this.db, `SELECT ${COLUMNS} FROM people WHERE id = $1`, [slugOrId]);
    const meant = { table: 'people', slug: slugOrId, firstYear: EARLIEST_BIRTH, columns: COLUMNS } as const;
    return findMeant<PersonRow>(this.db, meant, 1 + MAX_ALTERNATIVES);
  }

  private movies(personId: string): Promise<PersonMovieDto[]> {
    return sql<PersonMovieDto>(
      this.db,
      `SELECT slug, title, release_year, role, character_name FROM movie_people JOIN movies ON movies.id = movie_id
       WHERE person_id = $1 ORDER BY release_year DESC NULLS LAST, title, role`,
      [personId],
    );
  }
}

const summary = ({
  id,
  slug,
  name,
  birth_year,
  birth_date,
  birthplace,
  created_at,
  updated_at,
}: PersonRow): PersonSummaryDto => ({
  id,
  slug,
  name,
  birth_year,
  birth_date,
  birthplace,
  created_at: created_at.toISOString(),
  updated_at: updated_at.toISOString(),
});
