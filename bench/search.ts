/**
 * What searches cost with many films: inserts them, then prints for each typical search what was found, how long it
 * took through the reader, and the plan. Prints figures; asserts nothing.
 *
 *   npm run bench:search -- 100000
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DataSource } from 'typeorm';
import { Config } from '../dist/modules/src/config/config.js';
import { dataSourceOptions, migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { Reads } from '../dist/modules/src/database/pools.js';
import { baseOf, slugOf } from '../dist/modules/src/domain/slug.js';
import { moviesOf, MoviesReader } from '../dist/modules/src/movies/movies.reader.js';
import type { ListMoviesQuery } from '../dist/modules/src/movies/movies.dto.js';
import { countStatement, pageStatement, searchStatement } from '../dist/modules/src/catalog/search.js';
import { Random } from '../test/support/run/random.ts';

const FILMS = Number(process.argv[2] ?? 100_000);
const RUNS = 5;
const PARTS = 20;
const GENRES = ['Drama', 'Comedy', 'Thriller', 'Science Fiction', 'Crime', 'Romance', 'Horror', 'War'];

const examples = parse<{ title: string; year: string }>(readFileSync('examples/films.csv'), { columns: true });
const words = [...new Set(examples.flatMap(({ title }) => title.split(/\s+/)))];
const random = new Random(1);

/** Titles of one to five words of real ones: each word is in hundreds of them, more than in real life. */
function titles(): string[] {
  const made = examples.map(({ title }) => title);
  made.push('Amélie', 'Le Fabuleux Destin d’Amélie Poulain', '千と千尋の神隠し');
  while (made.length < FILMS)
    made.push(Array.from({ length: 1 + random.between(0, 4) }, () => random.pick(words)).join(' '));
  return made.slice(0, FILMS);
}

async function fill(db: DataSource): Promise<void> {
  const rows = titles().map((title, n) => ({
    slug: `${slugOf(title, null).slice(0, 200)}-${n}x`,
    base: baseOf(title),
    title,
    year: 1930 + random.between(0, 89),
  }));
  await db.query(
    `INSERT INTO genres (id, slug, name) SELECT gen_random_uuid(), slug, name FROM unnest($1::text[], $2::text[]) AS g (slug, name)`,
    [GENRES.map(baseOf), GENRES],
  );
  for (let start = 0; start < rows.length; start += 5000) {
    await db.query(
      `WITH made AS (INSERT INTO movies (id, slug, title_slug, title, release_year, has_text, updated_at)
         SELECT gen_random_uuid(), slug, base, title, year, hashtext(slug) % 3 <> 0, now() - random() * interval '30 days'
         FROM jsonb_to_recordset($1::jsonb) AS r (slug text, base text, title text, year int) RETURNING id)
       INSERT INTO movie_genres SELECT made.id, genres.id FROM made JOIN genres
         ON genres.slug = ($2::text[])[1 + (hashtext(made.id::text) & 7)]`,
      [JSON.stringify(rows.slice(start, start + 5000)), GENRES.map(baseOf)],
    );
  }
  await db.query(
    `INSERT INTO people (id, slug, name_slug, name) SELECT gen_random_uuid(), name, name, name
     FROM (SELECT 'dana-director-' || n AS name FROM generate_series(1, 5000) AS n) AS named`,
  );
  await db.query(
    `INSERT INTO movie_people (movie_id, person_id, role, by_movie) SELECT movies.id, people.id, 'DIRECTOR', '{}'
     FROM movies JOIN people ON people.slug = 'dana-director-' || (1 + abs(hashtext(movies.slug)) % 5000)`,
  );
  // In parts: each text updates its film, and a statement has an end.
  for (let part = 0; part < PARTS; part++)
    await db.query(
      `INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
       SELECT gen_random_uuid(), id, CASE WHEN hashtext(slug) % 50 = 0 THEN 'pl-PL' ELSE 'en-US' END, 'DEFAULT', 1,
         repeat('A text of some length. ', 40), 'GENERATED', 'bench' FROM movies WHERE has_text AND abs(hashtext(slug)) % ${PARTS} = ${part}`,
    );
  await db.query('VACUUM ANALYZE movies');
  await db.query('VACUUM ANALYZE movie_descriptions');
  await db.query('ANALYZE movie_people');
  await db.query('ANALYZE movie_genres');
}

const SEARCHES: Partial<ListMoviesQuery>[] = [
  ...[
    'amelie',
    'Amélie',
    'matrix',
    'matrx',
    'amlie poulan',
    '千と千尋',
    '隠',
    'up',
    'the',
    'the lord of the rings',
  ].map((q) => ({ q })),
  { q: 'nothing like it' },
  { q: 'the matrix', year: 1999 },
  { q: 'the', genre: 'drama' },
  {},
  { year: 1999 },
  { genre: 'Science Fiction' },
  { page: FILMS / 40 },
  { has_text: false },
  { has_text: false, q: 'the' },
  { year_from: 1990, year_to: 1992 },
  { director: 'dana-director-7' },
  { locale: 'pl-PL' },
  { missing: 'pl-PL/DEFAULT' },
  { missing: 'en-US/DEFAULT' },
  { updated_since: new Date(Date.now() - 3_600_000) },
  { sort: 'title' as const },
  { sort: 'year' as const, include: 'description' as const, locale: 'pl-PL' as const, per_page: 100 },
  { q: 'the', sort: 'title' as const, include: 'description' as const },
];

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work(), performance.now() - started];
}

async function show(db: DataSource, reader: MoviesReader, search: (typeof SEARCHES)[number]): Promise<void> {
  const query = { page: 1, per_page: 20, has_text: true, ...search };
  const times: number[] = [];
  let found;
  for (let run = 0; run < RUNS; run++) {
    const [page, ms] = await timed(() => reader.list(query));
    found = page;
    times.push(ms);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
  console.log(
    `\n${JSON.stringify(search)}: ${found!.total_results} films, first "${found!.results[0]?.title}", median ${median.toFixed(1)} ms`,
  );
  const list = moviesOf(query);
  const { q } = search;
  if (q !== undefined) return explain(db, searchStatement(list, q, query));
  await explain(db, { ...countStatement(list), leastLike: 1 });
  await explain(db, { ...pageStatement(list, query), leastLike: 1 });
}

async function explain(db: DataSource, { text, values, leastLike }: ReturnType<typeof searchStatement>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(`SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)`, [String(leastLike)]);
    const rows: Record<string, string>[] = await tx.query(`EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) ${text}`, values);
    const lines = rows.map((row) => row['QUERY PLAN']!);
    for (const line of lines.filter((line) => /Index( Only)? Scan|Seq Scan|Execution/.test(line)))
      console.log(`  ${line.trim().slice(0, 150)}`);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));
const postgres = new EmbeddedPostgres(folder);
const url = await postgres.start();
try {
  const config = new Config({ ...process.env, DATABASE_URL: url, QUEUE_CONNECTION: 'database' });
  await migrate(config);
  const db = await new DataSource({ ...dataSourceOptions(url), poolSize: 2 }).initialize();
  const [, ms] = await timed(() => fill(db));
  const [size] = await db.query(
    `SELECT pg_size_pretty(pg_relation_size('movies')) AS heap, pg_size_pretty(pg_relation_size('movies_search')) AS search, pg_size_pretty(pg_relation_size('movies_letters')) AS letters`,
  );
  console.log(`${FILMS} films inserted in ${Math.round(ms)} ms; sizes`, size);
  const reads = new Reads(config);
  const reader = new MoviesReader(reads);
  for (const search of SEARCHES) await show(db, reader, search);
  await reads.close();
  await db.destroy();
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
