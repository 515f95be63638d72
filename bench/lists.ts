/**
 * What GET /jobs and the place in the queue cost with very many jobs waiting, and what accepting costs then. Prints
 * figures and plans; asserts nothing.
 *
 *   npm run bench:lists -- 1000000
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Config } from '../dist/modules/src/config/config.js';
import { migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { JobList } from '../dist/modules/src/ledger/job-list.js';
import { JOBS_BY_ID } from '../dist/modules/src/ledger/job-reader.js';
import { FIRST_IN_LINE } from '../dist/modules/src/ledger/queue-position.js';
import { insertOrJoin } from '../dist/modules/src/accept/insert-or-join.js';

const JOBS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 200;
const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));

/** The oldest tenth is DONE, one in a thousand of it FAILED; the rest waits. Ids grow with time, as UUIDv7 do. */
const FILL = `INSERT INTO generation_jobs (id, entity, requested_slug, slug, locale, context_tag, request, max_attempts, request_id,
    status, result, error, created_at, run_at, started_at, finished_at, api_key_id)
  SELECT (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, CASE WHEN n % 5 = 0 THEN 'PERSON' ELSE 'MOVIE' END,
    'bench-' || n || '-2000', CASE status WHEN 'DONE' THEN 'bench-2000' END, 'en-US', 'DEFAULT',
    jsonb_build_object('subject', 'Bench ' || n, 'year', 2000), 3, 'bench', status,
    CASE status WHEN 'DONE' THEN '{}'::jsonb END, CASE status WHEN 'FAILED' THEN '{}'::jsonb END, at, at,
    CASE WHEN status <> 'PENDING' THEN at END, CASE WHEN status <> 'PENDING' THEN at END,
    CASE WHEN n % 1000 = 0 THEN $2::uuid END
  FROM (SELECT n, CASE WHEN n > $1 / 10 THEN 'PENDING' WHEN n % 1000 = 1 THEN 'FAILED' ELSE 'DONE' END AS status,
    now() - interval '1 day' + n * interval '10 ms' AS at FROM generate_series(1, $1::int) AS n) AS made`;

const postgres = new EmbeddedPostgres(folder);
const url = await postgres.start();
await migrate(new Config({ DATABASE_URL: url }));
const db = new pg.Pool({ connectionString: url, max: 1 });

/** A database that explains what it is asked. */
const explained = {
  query: async (text: string, parameters: unknown[]) => {
    const { rows } = await db.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${text}`, parameters);
    const lines = rows.map((row: Record<string, string>) => row['QUERY PLAN']!);
    const scans = lines.filter((line) => /Scan/.test(line)).map((line) => line.trim().replace(/ \(cost.*\(/, ' ('));
    return [`${lines.at(-1)}; ${scans.join('; ')}`];
  },
};

try {
  const [{ id: key }] = (
    await db.query(
      `INSERT INTO api_keys (id, name, hash, scopes) VALUES (gen_random_uuid(), 'bench', sha256('bench'), '{read}') RETURNING id`,
    )
  ).rows as [{ id: string }];
  await db.query(FILL, [JOBS, key]);
  await db.query('VACUUM ANALYZE generation_jobs');
  const list = new JobList({ read: (ask: (db: unknown) => unknown) => ask(explained) } as never);
  const filters = {
    all: {},
    'all that are done': { status: 'DONE' },
    'all that failed': { status: 'FAILED' },
    'people that failed': { status: 'FAILED', entity: 'PERSON' },
    'by the slug of one request': { slug: `bench-${JOBS}-2000` },
    'by the slug of very many results': { slug: 'bench-2000' },
    'of a key': { owner: key },
    'of a key, failed': { owner: key, status: 'FAILED' },
  };
  for (const [name, filter] of Object.entries(filters))
    console.log(`${name}: ${String((await list.page({ owner: null, ...filter } as never, 21, null))[0])}`);
  const id = `${(JOBS / 10 + 1).toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`;
  console.log(`a waiting job by its id: ${(await explained.query(JOBS_BY_ID, [[id], [null]]))[0]}`);
  console.log(`who is first in the queues: ${(await explained.query(FIRST_IN_LINE, []))[0]}`);
  const ask = { query: async (text: string, parameters: unknown[]) => (await db.query(text, parameters)).rows };
  for (const items of [1, 500]) {
    const started = performance.now();
    for (let round = 0; round < ROUNDS / items + 1; round++)
      await insertOrJoin(
        ask as never,
        Array.from({ length: items }, (_, n) => ({
          subject: {
            entity: 'MOVIE',
            requested_slug: `more-${items}-${round}-${n}`,
            locale: 'en-US',
            context_tag: 'DEFAULT',
          },
          request: { subject: 'More', year: null },
          id: randomUUID(),
          origin: { request_id: 'bench', traceparent: null, api_key_id: null },
        })) as never,
        3,
      );
    const rounds = Math.ceil(ROUNDS / items + 1);
    console.log(
      `accepting ${items} at a time: ${((performance.now() - started) / rounds).toFixed(2)} ms, one connection`,
    );
  }
} finally {
  await db.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
