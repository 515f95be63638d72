/**
 * What it costs the workers that changes are announced by NOTIFY: jobs taken through their two statements (claimed,
 * done) by 16 connections at once, with nothing announced, with a trigger that announces inside the transaction, and
 * with one announcement for all changes committed meanwhile, as the program does it. Prints jobs a second; asserts
 * nothing.
 *
 *   npm run bench:notify -- 6000
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Config } from '../dist/modules/src/config/config.js';
import { migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';

const JOBS = Number(process.argv[2] ?? 6000);
const CONNECTIONS = 16;
const ROUNDS = 3;
const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));

const INSERT = `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id)
  SELECT gen_random_uuid(), 'MOVIE', 'bench-' || n || '-2000', 'en-US', 'DEFAULT', '{}', 3, 'bench'
  FROM generate_series(1, $1) AS n RETURNING id`;
const CLAIM = `UPDATE generation_jobs SET status = 'IN_PROGRESS', attempts = 1, started_at = now(), lease_token = gen_random_uuid(),
  lease_expires_at = now() WHERE id = $1 RETURNING *`;
const DONE = `UPDATE generation_jobs SET status = 'DONE', result = '{}', lease_token = NULL, lease_expires_at = NULL,
  finished_at = now() WHERE id = $1 RETURNING *`;
const TRIGGER = `CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN PERFORM pg_notify(''bench'', NEW.id || '':'' || NEW.revision); RETURN NULL; END';
  CREATE TRIGGER told AFTER UPDATE OF status ON generation_jobs FOR EACH ROW EXECUTE FUNCTION told()`;
const ANNOUNCE = `SELECT set_config('synchronous_commit', 'off', true), pg_notify('bench', $1)`;

const postgres = new EmbeddedPostgres(folder);
const url = await postgres.start();
const db = new pg.Pool({ connectionString: url, max: CONNECTIONS + 1 });

/** All jobs from PENDING to DONE. @returns jobs a second */
async function run(announce: (change: string) => void): Promise<number> {
  await db.query('TRUNCATE generation_jobs CASCADE');
  const { rows } = await db.query<{ id: string }>(INSERT, [JOBS]);
  await db.query('CHECKPOINT');
  const ids = rows.map(({ id }) => id);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let id = ids.pop(); id; id = ids.pop())
        for (const statement of [CLAIM, DONE]) {
          const changed = await db.query(statement, [id]);
          announce(`${id}:${changed.rows[0].revision}`);
        }
    }),
  );
  return JOBS / ((performance.now() - started) / 1000);
}

let waiting: string[] = [];
let announcing = false;
let announcements = 0;
async function batched(change: string): Promise<void> {
  waiting.push(change);
  if (announcing) return;
  announcing = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 150);
    announcements++;
    await db.query(ANNOUNCE, [batch.join(' ')]);
  }
  announcing = false;
}

try {
  await migrate(new Config({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }));
  const listener = new pg.Client({ connectionString: url });
  await listener.connect();
  await listener.query('LISTEN bench');
  for (let round = 1; round <= ROUNDS; round++) {
    const none = await run(() => undefined);
    const together = await run((change) => void batched(change));
    await db.query(TRIGGER);
    const trigger = await run(() => undefined);
    await db.query('DROP FUNCTION told CASCADE');
    console.log(
      `round ${round}: nothing announced ${none.toFixed(0)}, announced together after the commit ${together.toFixed(0)} ` +
        `(${announcements} announcements), by a trigger ${trigger.toFixed(0)} jobs/s`,
    );
    announcements = 0;
  }
  await listener.end();
} finally {
  await db.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
