import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { sql, sqlRow } from '../database/sql.js';
import { notFound } from '../http/problem.js';
import { partsOf } from '../jobs/slug.js';
import type { VariantQuery } from '../movies/movies.dto.js';
import { choose, containing, newestTexts, page, textDto, type TextRow } from '../movies/reading.js';
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

export const noPerson = () => notFound('There is no such person. POST /people/generate has the biography written.');

/** Reading people. Nothing here creates a row, queues a job or calls a model. */
@Injectable()
export class PeopleReader {
  constructor(private readonly db: DataSource) {}

  async list(query: ListPeopleQuery): Promise<PersonPageDto> {
    const where = '($1::text IS NULL OR name ILIKE $1) AND ($2::int IS NULL OR birth_year = $2)';
    const filter = [query.q ? containing(query.q) : null, query.year ?? null];
    const { total } = await sqlRow<{ total: string }>(
      this.db,
      `SELECT count(*) AS total FROM people WHERE ${where}`,
      filter,
    );
    const rows = await sql<PersonRow>(
      this.db,
      `SELECT ${COLUMNS} FROM people WHERE ${where} ORDER BY updated_at DESC, id LIMIT $3 OFFSET $4`,
      [...filter, query.per_page, (query.page - 1) * query.per_page],
    );
    return page(query, Number(total), rows.map(summary));
  }

  async get(slugOrId: string, variant: VariantQuery): Promise<PersonDto> {
    const [person, ...others] = await this.find(slugOrId);
    if (!person) throw noPerson();
    const texts = await sql<TextRow>(this.db, newestTexts('person_bios', 'person_id'), [person.id]);
    const chosen = choose(texts, variant);
    return {
      ...summary(person),
      bio: chosen && textDto(chosen),
      variants: texts.map(({ id, locale, context_tag, version }) => ({ locale, context_tag, version, bio_id: id })),
      movies: await this.movies(person.id),
      ambiguous: others.length > 0,
      alternatives: others.map(({ slug, name, birth_year }): PersonRefDto => ({ slug, name, birth_year })),
      links: { self: `/people/${person.slug}` },
    };
  }

  /** Exactly that person; or, for a slug without a year, all of that name, the last born first. */
  private async find(slugOrId: string): Promise<PersonRow[]> {
    const select = `SELECT ${COLUMNS} FROM people`;
    if (isUuid(slugOrId)) return sql<PersonRow>(this.db, `${select} WHERE id = $1`, [slugOrId]);
    const exact = await sql<PersonRow>(this.db, `${select} WHERE slug = $1`, [slugOrId]);
    if (exact.length > 0 || partsOf(slugOrId).year !== null) return exact;
    return sql<PersonRow>(this.db, `${select} WHERE name_slug = $1 ORDER BY birth_year DESC NULLS LAST, id LIMIT 20`, [
      slugOrId,
    ]);
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
