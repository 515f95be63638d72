/**
 * What the questions cost that the dispatcher and the sweeper ask all the time, with a million rows waiting. Prints
 * plans and figures; asserts nothing.
 *
 *   npm run bench:plans -- 1000000
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Config } from '../dist/modules/src/config/config.js';
import { migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { explained, INSERT } from './waiting-rows.ts';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));
const postgres = new EmbeddedPostgres(folder);
const url = await postgres.start();
await migrate(new Config({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }));
const db = new pg.Pool({ connectionString: url });

async function show(what: string): Promise<void> {
  console.log(`\n${what}`);
  for (const line of await explained(db)) console.log(`  ${line}`);
}

try {
  await db.query(INSERT, [ROWS]);
  await show(`${ROWS} rows due, just inserted, no statistics yet`);
  await db.query('VACUUM ANALYZE generation_jobs');
  await show(`${ROWS} rows due`);
  await db.query(`UPDATE generation_jobs SET dispatched_at = now()`);
  await show('all handed over a moment ago, nothing vacuumed: the first look');
  await show('the second look');
  await db.query('VACUUM ANALYZE generation_jobs');
  await show(`${ROWS} rows in the queue, all is well`);
} finally {
  await db.end();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
