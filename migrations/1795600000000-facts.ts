import type { MigrationInterface, QueryRunner } from 'typeorm';
import { foldedKeys } from '../src/generation/identity/verdict.js';

interface Kind {
  entity: 'MOVIE' | 'PERSON';
  table: string;
  texts: string;
  base: string;
  text: string;
  /** The tables of its other names and of its other slugs, and what both are called by. */
  names: string;
  slugs: string;
  knownAs: string;
  owner: string;
  idForm: string;
}

const KINDS: Kind[] = [
  {
    entity: 'MOVIE',
    table: 'movies',
    texts: 'movie_descriptions',
    base: 'title_slug',
    text: 'title',
    names: 'movie_titles',
    slugs: 'movie_slugs',
    knownAs: 'movies_known_as',
    owner: 'movie_id',
    idForm: '^tt[0-9]{7,9}$',
  },
  {
    entity: 'PERSON',
    table: 'people',
    texts: 'person_bios',
    base: 'name_slug',
    text: 'name',
    names: 'person_names',
    slugs: 'person_slugs',
    knownAs: 'people_known_as',
    owner: 'person_id',
    idForm: '^nm[0-9]{7,9}$',
  },
];

const upOf = ({ table, base, text, names, slugs, knownAs, owner, idForm }: Kind) => `
-- Whether its facts were written, or only somebody's credits name it. What has a text was written by the version before.
ALTER TABLE ${table} ADD COLUMN known boolean NOT NULL DEFAULT false;
UPDATE ${table} SET known = true WHERE has_text;
-- What its name is compared by: folded, so that "Part II" and "Part 2" are one.
ALTER TABLE ${table} ADD COLUMN keys text[] NOT NULL DEFAULT '{}';
CREATE INDEX ${table}_keys ON ${table} USING gin (keys) WITH (fastupdate = off);
ALTER TABLE ${table} ADD COLUMN imdb_id text CONSTRAINT ${table}_imdb_id_unique UNIQUE
  CONSTRAINT ${table}_imdb_id CHECK (imdb_id ~ '${idForm}');
ALTER TABLE ${table} ADD COLUMN tmdb_id integer CONSTRAINT ${table}_tmdb_id_unique UNIQUE
  CONSTRAINT ${table}_tmdb_id CHECK (tmdb_id > 0);
-- Others of its name, as the model told when its facts were written: [{ "text", "year" }].
ALTER TABLE ${table} ADD COLUMN namesakes jsonb NOT NULL DEFAULT '[]';

-- What else it is called.
CREATE TABLE ${names} (
  ${owner}   uuid NOT NULL CONSTRAINT ${names}_owner REFERENCES ${table} (id) ON DELETE CASCADE,
  ${text}    text NOT NULL CONSTRAINT ${names}_${text} CHECK (length(${text}) BETWEEN 1 AND 200),
  ${base}    text NOT NULL,
  keys       text[] NOT NULL,
  source     text NOT NULL CONSTRAINT ${names}_source CHECK (source IN ('ASKED', 'ORIGINAL', 'OTHER', 'FORMER')),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ${names}_pkey PRIMARY KEY (${owner}, ${text})
);
CREATE INDEX ${names}_base ON ${names} (${base});
CREATE INDEX ${names}_keys ON ${names} USING gin (keys) WITH (fastupdate = off);
CREATE INDEX ${names}_search ON ${names} USING gin (${base} gin_trgm_ops);
CREATE INDEX ${names}_letters ON ${names} USING gin (letters_beyond_ascii(${text}));

-- Slugs that it had, or was asked for by.
CREATE TABLE ${slugs} (
  slug       text CONSTRAINT ${slugs}_pkey PRIMARY KEY,
  ${owner}   uuid NOT NULL CONSTRAINT ${slugs}_owner REFERENCES ${table} (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ${slugs}_owner_index ON ${slugs} (${owner});

-- Every name of it, the first one too.
CREATE VIEW ${knownAs} AS
  SELECT id, ${text} AS text, ${base} AS base, keys FROM ${table}
  UNION ALL SELECT ${owner}, ${text}, ${base}, keys FROM ${names};
`;

const UP = `
${KINDS.map(upOf).join('')}
ALTER TABLE movies ADD COLUMN original_title text
  CONSTRAINT movies_original_title CHECK (length(original_title) BETWEEN 1 AND 200);

-- One person may have several parts in a film, and play several characters; and who told so: the film, or the person.
ALTER TABLE movie_people ADD COLUMN by_movie boolean NOT NULL DEFAULT false;
ALTER TABLE movie_people ADD COLUMN by_person boolean NOT NULL DEFAULT false;
UPDATE movie_people SET by_movie = told.by_movie, by_person = NOT told.by_movie
  FROM (SELECT credit.movie_id, person_id, role, (billing_order IS NOT NULL
      OR (role = 'DIRECTOR' AND name = director)) IS TRUE AS by_movie
    FROM movie_people AS credit JOIN movies ON movies.id = movie_id JOIN people ON people.id = person_id) AS told
  WHERE movie_people.movie_id = told.movie_id AND movie_people.person_id = told.person_id
    AND movie_people.role = told.role;
ALTER TABLE movie_people ADD COLUMN id uuid NOT NULL DEFAULT uuid_v7_of_now();
ALTER TABLE movie_people DROP CONSTRAINT movie_people_pkey;
ALTER TABLE movie_people ADD CONSTRAINT movie_people_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX movie_people_credit ON movie_people (movie_id, person_id, role, COALESCE(character_name, ''));
-- A later text could take the director's credit away and leave the name.
INSERT INTO movie_people (movie_id, person_id, role, by_movie)
  SELECT DISTINCT ON (movies.id) movies.id, people.id, 'DIRECTOR', true FROM movies JOIN people ON people.name = director
  WHERE NOT EXISTS (SELECT 1 FROM movie_people AS credit WHERE credit.movie_id = movies.id AND role = 'DIRECTOR')
  ORDER BY movies.id, people.id;
`;

const downOf = ({ table, names, slugs, knownAs }: Kind) => `
DROP VIEW ${knownAs};
DROP TABLE ${names}, ${slugs};
ALTER TABLE ${table} DROP COLUMN known, DROP COLUMN keys, DROP COLUMN imdb_id, DROP COLUMN tmdb_id,
  DROP COLUMN namesakes;
`;

const DOWN = `
DROP INDEX movie_people_credit;
DELETE FROM movie_people AS double USING movie_people AS kept
  WHERE (kept.movie_id, kept.person_id, kept.role) = (double.movie_id, double.person_id, double.role)
    AND kept.id < double.id;
ALTER TABLE movie_people DROP CONSTRAINT movie_people_pkey;
ALTER TABLE movie_people DROP COLUMN id, DROP COLUMN by_movie, DROP COLUMN by_person;
ALTER TABLE movie_people ADD CONSTRAINT movie_people_pkey PRIMARY KEY (movie_id, person_id, role);
ALTER TABLE movies DROP COLUMN original_title;
${KINDS.map(downOf).join('')}
`;

const PAGE = 1000;

/** What the names of the version before are compared by. */
async function fold(queryRunner: QueryRunner, { entity, table, text }: Kind): Promise<void> {
  for (let after: string | null = null; ;) {
    const rows = (await queryRunner.query(
      `SELECT id, ${text} AS text FROM ${table} WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT ${PAGE}`,
      [after],
    )) as { id: string; text: string }[];
    const folded = rows.map(({ id, text: name }) => ({ id, keys: foldedKeys(name, entity) }));
    await queryRunner.query(
      `UPDATE ${table} AS own SET keys = row.keys FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, keys text[])
       WHERE own.id = row.id`,
      [JSON.stringify(folded)],
    );
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}

/** Facts are the film's or the person's, apart from texts; several names, slugs, parts and external ids. */
export class Facts1795600000000 implements MigrationInterface {
  name = 'Facts1795600000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
    for (const kind of KINDS) await fold(queryRunner, kind);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
