import type pg from 'pg';

/** How many rows a ledger has, and how many bytes they take. */
export interface Sized {
  jobs: number;
  films: number;
  texts: number;
  job_bytes: number;
  job_index_bytes: number;
  film_bytes: number;
  film_index_bytes: number;
  text_bytes: number;
  text_index_bytes: number;
  database_bytes: number;
}

/** Texts a film: some locales and tones, some versions. */
const TEXTS_A_FILM = 5;
const AT_ONCE = 20_000;
const DAYS = 33;

/** Ids grow with time, as those of the program do. */
const ID = `(lpad(to_hex((extract(epoch FROM made) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
  || '8' || substr(md5(n::text), 4, 15))::uuid`;
const JOBS = `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts,
    request_id, slug, status, stage, attempts, revision, worker, created_at, dispatched_at, started_at, finished_at,
    history, result, usage)
  SELECT ${ID}, 'MOVIE', 'film-' || film, 'en-US', 'DEFAULT',
    jsonb_build_object('subject', 'Film ' || film, 'year', 2000), 3, md5(n::text), 'film-' || film, 'DONE', 'DONE', 1,
    3, 'host:1', made, made, made, made + interval '3 s',
    jsonb_build_array(jsonb_build_object('attempt', 1, 'worker', 'host:1', 'started_at', made, 'finished_at', made,
      'outcome', 'DONE', 'model', 'bench-model-1', 'input_tokens', 321, 'output_tokens', 123, 'duration_ms', 3000)),
    jsonb_build_object('id', md5('f' || film)::uuid, 'slug', 'film-' || film, 'description_id', md5('t' || n)::uuid,
      'version', 1 + (n - 1) / $3::int),
    jsonb_build_object('model', 'bench-model-1', 'calls', 1, 'input_tokens', 321, 'output_tokens', 123,
      'duration_ms', 3000)
  FROM generate_series($1::int + 1, $2::int) AS n,
    LATERAL (SELECT 1 + (n - 1) % $3::int AS film, now() - interval '${DAYS} days' * (1 - n / $4::float8) AS made) AS of`;
/** A title of two words: one of a fifth of all films, and one of its own. */
const FILMS = `INSERT INTO movies (id, slug, title_slug, title, release_year, has_text, updated_at)
  SELECT md5('f' || n)::uuid, 'film-' || n, a || '-' || w, initcap(a || ' ' || w), 1930 + n % 90, true,
    now() - interval '${DAYS} days' * random()
  FROM generate_series($1::int + 1, $2::int) AS n,
    LATERAL (SELECT 'w' || substr(md5(n::text), 1, 7) AS w,
      (ARRAY['the', 'old', 'red', 'last', 'lost'])[1 + n % 5] AS a) AS words`;
/** Some 1,000 letters, which pack as badly as prose does. */
const TEXTS = `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
  SELECT md5('t' || n)::uuid, md5('f' || (1 + (n - 1) % $3::int))::uuid, 'en-US', 'DEFAULT', 1 + (n - 1) / $3::int,
    (SELECT string_agg(md5(n || '.' || part), ' ') FROM generate_series(1, 30) AS part), 'GENERATED', 'bench-model-1'
  FROM generate_series($1::int + 1, $2::int) AS n`;

/** So many finished jobs, as they are when each has written a text, and what they have written. */
export async function fillLedger(db: pg.Pool, jobs: number, progress: (line: string) => void): Promise<void> {
  const films = Math.ceil(jobs / TEXTS_A_FILM);
  // Each text would write its film anew; and indexes are made faster afterwards, and as dense as a REINDEX has them.
  await db.query('ALTER TABLE movie_descriptions DISABLE TRIGGER USER');
  const indexes = await withoutIndexes(db);
  for (const [what, statement, size, more] of [
    ['films', FILMS, films, []],
    ['texts', TEXTS, jobs, [films]],
    ['jobs', JOBS, jobs, [films, jobs]],
  ] as const)
    for (let n = 0; n < size; n += AT_ONCE) {
      progress(`${what}, ${n} of ${size}`);
      await db.query(statement, [n, Math.min(size, n + AT_ONCE), ...more]);
    }
  await db.query('ALTER TABLE movie_descriptions ENABLE TRIGGER USER');
  for (const [n, statement] of indexes.entries()) {
    progress(`index ${n + 1} of ${indexes.length}`);
    await db.query(statement);
  }
  progress('VACUUM ANALYZE');
  await db.query('VACUUM ANALYZE');
}

/** @returns the statements that make them again; those of constraints stay */
async function withoutIndexes(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ name: string; statement: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS statement FROM pg_index
     WHERE indrelid IN ('movies'::regclass, 'movie_descriptions'::regclass, 'generation_jobs'::regclass)
       AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)`,
  );
  for (const { name } of rows) await db.query(`DROP INDEX ${name}`);
  return rows.map(({ statement }) => statement);
}

export async function sizesOf(db: pg.Pool): Promise<Sized> {
  const of = (table: string, name: string) => `pg_table_size('${table}')::float8 AS ${name}_bytes,
    pg_indexes_size('${table}')::float8 AS ${name}_index_bytes`;
  const { rows } = await db.query<Sized>(
    `SELECT (SELECT count(*)::int FROM generation_jobs) AS jobs, (SELECT count(*)::int FROM movies) AS films,
       (SELECT count(*)::int FROM movie_descriptions) AS texts, ${of('generation_jobs', 'job')}, ${of('movies', 'film')},
       ${of('movie_descriptions', 'text')}, pg_database_size(current_database())::float8 AS database_bytes`,
  );
  return rows[0]!;
}

const PARTITIONS = 30;
const MOST_COPIED = 200_000;
const PROBES = 300;

/**
 * Finished jobs in a partition a day, beside the one table: what a day costs to drop, and what a look by id costs,
 * which has to ask each partition. By name, milliseconds.
 */
export async function partitioned(db: pg.Pool): Promise<Record<string, number>> {
  await db.query(`CREATE TABLE parted (LIKE generation_jobs) PARTITION BY RANGE (finished_at)`);
  for (let day = 0; day <= PARTITIONS; day++)
    await db.query(
      `CREATE TABLE parted_${day} PARTITION OF parted
         FOR VALUES FROM (${day === 0 ? 'MINVALUE' : at(day)}) TO (${day === PARTITIONS ? 'MAXVALUE' : at(day + 1)})`,
    );
  await db.query(`INSERT INTO parted SELECT * FROM generation_jobs WHERE status = 'DONE' LIMIT ${MOST_COPIED}`);
  await db.query('CREATE INDEX ON parted (id)');
  await db.query('ANALYZE parted');
  const whole = await probed(db, 'generation_jobs');
  const parts = await probed(db, 'parted');
  const began = performance.now();
  await db.query('DROP TABLE parted_1');
  const drop = performance.now() - began;
  await db.query('DROP TABLE parted');
  return { 'by id, ms': whole, 'by id in 31 partitions, ms': parts, 'drop of a partition, ms': drop };
}

const at = (day: number) => `'${new Date(Date.now() - (PARTITIONS - day) * 86_400_000).toISOString()}'`;

async function probed(db: pg.Pool, table: string): Promise<number> {
  const { rows } = await db.query<{ id: string }>(`SELECT id FROM ${table} WHERE status = 'DONE' LIMIT ${PROBES}`);
  const client = await db.connect();
  try {
    const ask = (id: string) =>
      client.query({ name: `by-id-${table}`, text: `SELECT * FROM ${table} WHERE id = $1`, values: [id] });
    for (const { id } of rows.slice(0, 20)) await ask(id);
    const began = performance.now();
    for (const { id } of rows) await ask(id);
    return (performance.now() - began) / rows.length;
  } finally {
    client.release();
  }
}
