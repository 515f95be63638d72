-- What the peers keep: the rows that a film comes to, as the program keeps them, with the keys that such rows need.
CREATE TABLE jobs (
  id           uuid PRIMARY KEY,
  title        text NOT NULL,
  release_year smallint,
  status       text NOT NULL DEFAULT 'PENDING',
  created_at   timestamptz NOT NULL DEFAULT now(),
  started_at   timestamptz,
  finished_at  timestamptz,
  result       jsonb
);
CREATE TABLE films (
  id           uuid PRIMARY KEY,
  slug         text NOT NULL UNIQUE,
  title        text NOT NULL,
  release_year smallint,
  director     text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE texts (
  id         uuid PRIMARY KEY,
  film_id    uuid NOT NULL REFERENCES films (id) ON DELETE CASCADE,
  job_id     uuid NOT NULL UNIQUE,
  locale     text NOT NULL,
  version    integer NOT NULL,
  text       text NOT NULL,
  ai_model   text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (film_id, locale, version)
);
CREATE TABLE people (
  id         uuid PRIMARY KEY,
  slug       text NOT NULL UNIQUE,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE film_people (
  film_id        uuid NOT NULL REFERENCES films (id) ON DELETE CASCADE,
  person_id      uuid NOT NULL REFERENCES people (id) ON DELETE CASCADE,
  role           text NOT NULL,
  character_name text,
  billing_order  smallint,
  PRIMARY KEY (film_id, person_id, role)
);
CREATE INDEX film_people_person ON film_people (person_id);
CREATE TABLE genres (
  id   uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL
);
CREATE TABLE film_genres (
  film_id  uuid NOT NULL REFERENCES films (id) ON DELETE CASCADE,
  genre_id uuid NOT NULL REFERENCES genres (id) ON DELETE CASCADE,
  PRIMARY KEY (film_id, genre_id)
);
CREATE INDEX film_genres_genre ON film_genres (genre_id);
-- What is polled without Redis: the answer, by its key.
CREATE TABLE answers (
  id   uuid PRIMARY KEY,
  body text NOT NULL
);
