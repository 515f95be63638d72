import type { MigrationInterface, QueryRunner } from 'typeorm';

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

/** What a new text and a deleted one say of its subject; who has a text is known, whichever version wrote it. */
const keptOf = ({ table, texts, owner }: Kind, known: boolean) => `
CREATE OR REPLACE FUNCTION ${texts}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE ${table} SET has_text = true${known ? ', known = true' : ''}
      WHERE id = NEW.${owner} AND NOT ${known ? '(has_text AND known)' : 'has_text'};
  ELSE
    UPDATE ${table} SET has_text = false
      WHERE id = OLD.${owner} AND NOT EXISTS (SELECT 1 FROM ${texts} WHERE ${owner} = OLD.${owner});
  END IF;
  RETURN NULL;
END $$;
`;

const upOf = ({ table, base, text, names, slugs, knownAs, owner, idForm }: Kind) => `
-- Whether its facts were written, or only somebody's credits name it. What has a text was written.
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
${KINDS.map((kind) => upOf(kind) + keptOf(kind, true)).join('')}
ALTER TABLE movies ADD COLUMN original_title text
  CONSTRAINT movies_original_title CHECK (length(original_title) BETWEEN 1 AND 200);

-- The characters of a person in a part, by the film's facts and by the person's. NULL: they do not tell the part.
ALTER TABLE movie_people ADD COLUMN by_movie text[];
ALTER TABLE movie_people ADD COLUMN by_person text[];
-- Workers of the version before write a part without them, and its servers read one character.
CREATE FUNCTION movie_people_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.by_movie IS NULL AND (NEW.billing_order IS NOT NULL OR NEW.by_person IS NULL AND NEW.role = 'DIRECTOR'
      AND EXISTS (SELECT 1 FROM movies JOIN people ON name = director
        WHERE movies.id = NEW.movie_id AND people.id = NEW.person_id)) THEN
    NEW.by_movie := array_remove(ARRAY[NEW.character_name], NULL);
  ELSIF NEW.by_movie IS NULL AND NEW.by_person IS NULL THEN
    NEW.by_person := array_remove(ARRAY[NEW.character_name], NULL);
  END IF;
  NEW.character_name := COALESCE(NEW.by_movie[1], NEW.by_person[1]);
  RETURN NEW;
END $$;
CREATE TRIGGER movie_people_told BEFORE INSERT OR UPDATE ON movie_people
  FOR EACH ROW EXECUTE FUNCTION movie_people_told();
-- The trigger says which.
UPDATE movie_people SET role = role;
ALTER TABLE movie_people ADD CONSTRAINT movie_people_told CHECK (by_movie IS NOT NULL OR by_person IS NOT NULL);
-- A later text could take the director's credit away and leave the name.
INSERT INTO movie_people (movie_id, person_id, role, by_movie)
  SELECT DISTINCT ON (movies.id) movies.id, people.id, 'DIRECTOR', '{}'::text[]
  FROM movies JOIN people ON people.name = director
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
DROP TRIGGER movie_people_told ON movie_people;
DROP FUNCTION movie_people_told;
ALTER TABLE movie_people DROP COLUMN by_movie, DROP COLUMN by_person;
ALTER TABLE movies DROP COLUMN original_title;
${KINDS.map((kind) => keptOf(kind, false) + downOf(kind)).join('')}
`;

const PAGE = 1000;

/** What the names of the version before are compared by. */
async function fold(queryRunner: QueryRunner, { entity, table, text }: Kind): Promise<void> {
  // Here and not at the top: a start that has nothing to migrate does not load it.
  const { foldedKeys } = await import('../src/generation/identity/fold.js');
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

/** Genres were free words, some several at once: they become those of the list. What is in no list stays. */
async function sortGenres(queryRunner: QueryRunner): Promise<void> {
  const { genreNames, genresIn } = await import('../src/catalog/genres.js');
  const rows = (await queryRunner.query('SELECT id, slug, name FROM genres')) as StoredGenre[];
  const sorted = rows.flatMap(({ id, slug, name }) => {
    const genres = genresIn(name);
    if (genres.length === 0 || (genres.length === 1 && genres[0] === slug)) return [];
    return genres.map((genre) => ({ id, slug: genre, name: genreNames([{ slug: genre, name: genre }])[0] }));
  });
  if (sorted.length === 0) return;
  const values = [JSON.stringify(sorted)];
  const record = 'jsonb_to_recordset($1::jsonb) AS row (id uuid, slug text, name text)';
  await queryRunner.query(
    `INSERT INTO genres (id, slug, name) SELECT DISTINCT ON (slug) uuid_v7_of_now(), slug, name FROM ${record}
     ORDER BY slug ON CONFLICT (slug) DO NOTHING`,
    values,
  );
  await queryRunner.query(
    `INSERT INTO movie_genres (movie_id, genre_id) SELECT DISTINCT movie_id, genres.id
     FROM ${record} JOIN movie_genres ON genre_id = row.id JOIN genres ON genres.slug = row.slug
     ON CONFLICT DO NOTHING`,
    values,
  );
  await queryRunner.query(
    `DELETE FROM movie_genres USING ${record}, genres WHERE genre_id = row.id AND genres.id = row.id
     AND genres.slug NOT IN (SELECT slug FROM ${record.replace('AS row', 'AS own')} WHERE own.id = genres.id)`,
    values,
  );
  await queryRunner.query(
    `DELETE FROM genres WHERE id IN (SELECT id FROM ${record})
     AND NOT EXISTS (SELECT 1 FROM movie_genres WHERE genre_id = genres.id)`,
    values,
  );
}

interface StoredGenre {
  id: string;
  slug: string;
  name: string;
}

/** Facts are the film's or the person's, apart from texts; several names, slugs, parts and external ids. */
export class Facts1795600000000 implements MigrationInterface {
  name = 'Facts1795600000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
    for (const kind of KINDS) await fold(queryRunner, kind);
    await sortGenres(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
