/**
 * What reading costs others: so many films, so many connections that search without a pause, and meanwhile how long
 * accepting a request and a look at health take. Prints figures; asserts nothing.
 *
 *   npm run bench:reads -- 100000 200
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Config } from '../dist/modules/src/config/config.js';
import { migrate } from '../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { Program } from '../test/support/server/process.ts';

const FILMS = Number(process.argv[2] ?? 100_000);
const CONNECTIONS = Number(process.argv[3] ?? 200);
const SECONDS = 10;

/** A fifth of them is found by "the"; a film without a text is in no list. */
const FILL = `WITH films AS (INSERT INTO movies (id, slug, title_slug, title, release_year)
    SELECT gen_random_uuid(), a || '-' || w || '-' || n, a || '-' || w, initcap(a || ' ' || w), 1930 + n % 90
    FROM generate_series(1, $1::int) AS n,
      LATERAL (SELECT substr(md5(n::text), 1, 8) AS w, CASE WHEN n % 5 = 0 THEN 'the' ELSE 'old' END AS a) AS words RETURNING id)
  INSERT INTO movie_descriptions (id, movie_id, locale, context_tag, version, text, origin, ai_model)
    SELECT gen_random_uuid(), id, 'en-US', 'DEFAULT', 1, 'A text.', 'GENERATED', 'bench' FROM films`;

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

function send(url: string, method: string, body?: string): Promise<number> {
  return new Promise((answered) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request(url, { method, headers, agent }, (response) => {
      response.resume().once('end', () => answered(response.statusCode!));
    });
    sent.once('error', () => answered(0)).end(body);
  });
}

/** Median and worst, milliseconds, of what is asked ten times a second. */
async function times(ask: (n: number) => Promise<number>, until: number): Promise<string> {
  const took: number[] = [];
  for (let n = 0; performance.now() < until; n++) {
    const began = performance.now();
    const status = await ask(n);
    took.push(performance.now() - began);
    if (status >= 400 || status === 0) console.log(`  answered ${status}`);
    await sleep(100);
  }
  took.sort((a, b) => a - b);
  return `median ${took[Math.floor(took.length / 2)]!.toFixed(0)} ms, worst ${took.at(-1)!.toFixed(0)} ms`;
}

async function measure(url: string, searching: number): Promise<void> {
  const until = performance.now() + SECONDS * 1000;
  const statuses: Record<number, number> = {};
  const searches = Array.from({ length: searching }, async () => {
    while (performance.now() < until) {
      const status = await send(`${url}/movies?q=the`, 'GET');
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  });
  const accept = (n: number) =>
    send(`${url}/movies/generate`, 'POST', JSON.stringify({ title: `${searching} at ${n}` }));
  const [accepting, live, ready] = await Promise.all([
    times(accept, until),
    times(() => send(`${url}/health/live`, 'GET'), until),
    times(() => send(`${url}/health/ready`, 'GET'), until),
    ...searches,
  ]);
  console.log(`${searching} searching:`, statuses);
  console.log(`  accepting ${String(accepting)}; live ${String(live)}; ready ${String(ready)}`);
}

const folder = mkdtempSync(join(tmpdir(), 'moviemind-bench-'));
const postgres = new EmbeddedPostgres(folder);
const url = await postgres.start();
try {
  await migrate(new Config({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }));
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  await db.query(FILL, [FILMS]);
  await db.query('VACUUM ANALYZE movies, movie_descriptions');
  await db.end();
  const settings = { DATABASE_URL: url, QUEUE_CONNECTION: 'database', AUTH_REQUIRED: 'false', LOG_LEVEL: 'silent' };
  const program = new Program({ ...settings, ROLE: 'api' });
  const address = await program.ready();
  for (const searching of [0, CONNECTIONS]) await measure(address, searching);
  await program.end('SIGTERM');
} finally {
  agent.destroy();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
