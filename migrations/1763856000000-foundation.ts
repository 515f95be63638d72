import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
-- The ledger. A request is accepted when its row is committed here; the queue is only an index over it.
CREATE TABLE generation_jobs (
  id               uuid PRIMARY KEY,
  entity           text NOT NULL CONSTRAINT generation_jobs_entity CHECK (entity IN ('MOVIE', 'PERSON')),
  requested_slug   text NOT NULL CONSTRAINT generation_jobs_requested_slug
                     CHECK (requested_slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(requested_slug) BETWEEN 3 AND 255),
  slug             text,
  -- Checks the form only. The locales are listed in LOCALES, so a new one takes one line.
  locale           text NOT NULL CONSTRAINT generation_jobs_locale CHECK (locale ~ '^[a-z]{2}-[A-Z]{2}$'),
  context_tag      text NOT NULL CONSTRAINT generation_jobs_context_tag
                     CHECK (context_tag IN ('DEFAULT', 'modern', 'critical', 'humorous')),
  request          jsonb NOT NULL,
  status           text NOT NULL DEFAULT 'PENDING' CONSTRAINT generation_jobs_status
                     CHECK (status IN ('PENDING', 'IN_PROGRESS', 'DONE', 'FAILED', 'CANCELLED', 'EXPIRED')),
  stage            text NOT NULL DEFAULT 'QUEUED' CONSTRAINT generation_jobs_stage
                     CHECK (stage IN ('QUEUED', 'GENERATING', 'SAVING')),
  attempts         smallint NOT NULL DEFAULT 0,
  max_attempts     smallint NOT NULL,
  crashes          smallint NOT NULL DEFAULT 0,
  history          jsonb NOT NULL DEFAULT '[]',
  revision         integer NOT NULL DEFAULT 1,
  run_at           timestamptz NOT NULL DEFAULT now(),
  dispatch         integer NOT NULL DEFAULT 1,
  dispatched_at    timestamptz,
  lease_token      uuid,
  lease_expires_at timestamptz,
  worker           text,
  result           jsonb,
  error            jsonb,
  usage            jsonb,
  request_id       text NOT NULL,
  traceparent      text,
  created_at       timestamptz NOT NULL DEFAULT now(),
  started_at       timestamptz,
  finished_at      timestamptz,
  deadline_at      timestamptz,
  CONSTRAINT generation_jobs_tries CHECK (max_attempts >= 1 AND attempts BETWEEN 0 AND max_attempts AND crashes >= 0),
  CONSTRAINT generation_jobs_finished
    CHECK ((finished_at IS NOT NULL) = (status IN ('DONE', 'FAILED', 'CANCELLED', 'EXPIRED'))),
  CONSTRAINT generation_jobs_leased
    CHECK ((status = 'IN_PROGRESS') = (lease_token IS NOT NULL) AND (lease_token IS NULL) = (lease_expires_at IS NULL)),
  CONSTRAINT generation_jobs_done CHECK ((status = 'DONE') = (result IS NOT NULL)),
  CONSTRAINT generation_jobs_failed CHECK ((status = 'FAILED') = (error IS NOT NULL)),
  CONSTRAINT generation_jobs_times CHECK (started_at >= created_at AND finished_at >= COALESCE(started_at, created_at))
);

CREATE UNIQUE INDEX generation_jobs_one_active ON generation_jobs (entity, requested_slug, locale, context_tag)
  WHERE status IN ('PENDING', 'IN_PROGRESS');
CREATE INDEX generation_jobs_to_dispatch ON generation_jobs (run_at) WHERE status = 'PENDING' AND dispatched_at IS NULL;
CREATE INDEX generation_jobs_dispatched ON generation_jobs (dispatched_at)
  WHERE status = 'PENDING' AND dispatched_at IS NOT NULL;
CREATE INDEX generation_jobs_leases ON generation_jobs (lease_expires_at) WHERE status = 'IN_PROGRESS';
CREATE INDEX generation_jobs_deadlines ON generation_jobs (deadline_at)
  WHERE status = 'PENDING' AND deadline_at IS NOT NULL;
CREATE INDEX generation_jobs_retention ON generation_jobs (finished_at)
  WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED');

-- A final state never changes, save FAILED to PENDING by an explicit retry; and every visible change gets a revision.
CREATE FUNCTION generation_jobs_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status IN ('DONE', 'CANCELLED', 'EXPIRED') OR (OLD.status = 'FAILED' AND NEW.status <> 'PENDING') THEN
    RAISE EXCEPTION 'job % is % and cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER generation_jobs_transition BEFORE UPDATE OF status ON generation_jobs
  FOR EACH ROW EXECUTE FUNCTION generation_jobs_transition();

CREATE TABLE failed_jobs (
  uuid       uuid PRIMARY KEY,
  job_id     uuid NOT NULL CONSTRAINT failed_jobs_one_per_job UNIQUE
               CONSTRAINT failed_jobs_job REFERENCES generation_jobs (id) ON DELETE CASCADE,
  connection text NOT NULL CONSTRAINT failed_jobs_connection CHECK (connection IN ('redis', 'database')),
  queue      text NOT NULL CONSTRAINT failed_jobs_queue CHECK (queue IN ('movies', 'people')),
  name       text NOT NULL CONSTRAINT failed_jobs_name CHECK (name IN ('GenerateMovieJob', 'GeneratePersonJob')),
  payload    jsonb NOT NULL,
  exception  text NOT NULL,
  attempts   smallint NOT NULL,
  failed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX failed_jobs_failed_at ON failed_jobs (failed_at DESC);

CREATE TABLE movies (
  id           uuid PRIMARY KEY,
  slug         text NOT NULL CONSTRAINT movies_slug_unique UNIQUE
                 CONSTRAINT movies_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) BETWEEN 3 AND 255),
  title_slug   text NOT NULL,
  title        text NOT NULL CONSTRAINT movies_title CHECK (length(title) BETWEEN 1 AND 200),
  release_year smallint CONSTRAINT movies_release_year CHECK (release_year BETWEEN 1888 AND 2200),
  director     text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX movies_title_slug ON movies (title_slug, release_year DESC NULLS LAST);
CREATE INDEX movies_release_year_index ON movies (release_year);

CREATE TABLE movie_descriptions (
  id          uuid PRIMARY KEY,
  movie_id    uuid NOT NULL CONSTRAINT movie_descriptions_movie REFERENCES movies (id) ON DELETE CASCADE,
  job_id      uuid CONSTRAINT movie_descriptions_one_per_job UNIQUE
                CONSTRAINT movie_descriptions_job REFERENCES generation_jobs (id) ON DELETE SET NULL,
  locale      text NOT NULL CONSTRAINT movie_descriptions_locale CHECK (locale ~ '^[a-z]{2}-[A-Z]{2}$'),
  context_tag text NOT NULL CONSTRAINT movie_descriptions_context_tag
                CHECK (context_tag IN ('DEFAULT', 'modern', 'critical', 'humorous')),
  version     integer NOT NULL CONSTRAINT movie_descriptions_version CHECK (version >= 1),
  text        text NOT NULL CONSTRAINT movie_descriptions_text CHECK (length(text) BETWEEN 1 AND 5000),
  origin      text NOT NULL CONSTRAINT movie_descriptions_origin CHECK (origin IN ('GENERATED')),
  ai_model    text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT movie_descriptions_versions UNIQUE (movie_id, locale, context_tag, version)
);

CREATE TABLE people (
  id         uuid PRIMARY KEY,
  slug       text NOT NULL CONSTRAINT people_slug_unique UNIQUE
               CONSTRAINT people_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) BETWEEN 3 AND 255),
  name_slug  text NOT NULL,
  name       text NOT NULL CONSTRAINT people_name CHECK (length(name) BETWEEN 1 AND 200),
  birth_year smallint CONSTRAINT people_birth_year CHECK (birth_year BETWEEN 1000 AND 2200),
  birth_date date,
  birthplace text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX people_name_slug ON people (name_slug, birth_year DESC NULLS LAST);

CREATE TABLE person_bios (
  id          uuid PRIMARY KEY,
  person_id   uuid NOT NULL CONSTRAINT person_bios_person REFERENCES people (id) ON DELETE CASCADE,
  job_id      uuid CONSTRAINT person_bios_one_per_job UNIQUE
                CONSTRAINT person_bios_job REFERENCES generation_jobs (id) ON DELETE SET NULL,
  locale      text NOT NULL CONSTRAINT person_bios_locale CHECK (locale ~ '^[a-z]{2}-[A-Z]{2}$'),
  context_tag text NOT NULL CONSTRAINT person_bios_context_tag
                CHECK (context_tag IN ('DEFAULT', 'modern', 'critical', 'humorous')),
  version     integer NOT NULL CONSTRAINT person_bios_version CHECK (version >= 1),
  text        text NOT NULL CONSTRAINT person_bios_text CHECK (length(text) BETWEEN 1 AND 5000),
  origin      text NOT NULL CONSTRAINT person_bios_origin CHECK (origin IN ('GENERATED')),
  ai_model    text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT person_bios_versions UNIQUE (person_id, locale, context_tag, version)
);

CREATE TABLE movie_people (
  movie_id       uuid NOT NULL CONSTRAINT movie_people_movie REFERENCES movies (id) ON DELETE CASCADE,
  person_id      uuid NOT NULL CONSTRAINT movie_people_person REFERENCES people (id) ON DELETE CASCADE,
  role           text NOT NULL CONSTRAINT movie_people_role CHECK (role IN ('ACTOR', 'DIRECTOR', 'WRITER', 'PRODUCER')),
  character_name text,
  billing_order  smallint,
  CONSTRAINT movie_people_pkey PRIMARY KEY (movie_id, person_id, role)
);
CREATE INDEX movie_people_person_index ON movie_people (person_id);

CREATE TABLE genres (
  id   uuid PRIMARY KEY,
  slug text NOT NULL CONSTRAINT genres_slug_unique UNIQUE,
  name text NOT NULL CONSTRAINT genres_name CHECK (length(name) BETWEEN 1 AND 60)
);

CREATE TABLE movie_genres (
  movie_id uuid NOT NULL CONSTRAINT movie_genres_movie REFERENCES movies (id) ON DELETE CASCADE,
  genre_id uuid NOT NULL CONSTRAINT movie_genres_genre REFERENCES genres (id) ON DELETE CASCADE,
  CONSTRAINT movie_genres_pkey PRIMARY KEY (movie_id, genre_id)
);
CREATE INDEX movie_genres_genre_index ON movie_genres (genre_id);
`;

const DOWN = `
DROP TABLE movie_genres, genres, movie_people, person_bios, people, movie_descriptions, movies;
DROP TABLE failed_jobs, generation_jobs;
DROP FUNCTION generation_jobs_transition();
`;

/** The ledger, the texts it produces, and the jobs that failed for good. */
export class Foundation1763856000000 implements MigrationInterface {
  name = 'Foundation1763856000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(UP);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(DOWN);
  }
}
