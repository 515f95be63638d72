/**
 * What grows with finished jobs: bytes, times of every kind of request, of claims, pruning, backup and start, and
 * memory. The sizes take turns in one run, each in a database of its own. Prints figures; asserts nothing.
 *
 *   npm run bench:growth -- --rows 10000,100000,1000000
 */
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { Config } from '../dist/modules/src/config/config.js';
import { dataSourceOptions, migrate } from '../dist/modules/src/server/data-source.js';
import { LapsedJobs } from '../dist/modules/src/ledger/lapsed-jobs.js';
import { EmbeddedPostgres } from '../dist/modules/src/embedded/embedded-postgres.js';
import { Program } from '../test/support/server/process.ts';
import { fillLedger, partitioned, type Sized, sizesOf } from './growth-rows.ts';
import { statementFigures } from './growth-statements.ts';
import { progressLine } from './support/progress.ts';
import { ascending, median, quantile, shown } from './support/statistics.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000' },
    rounds: { type: 'string', default: '3' },
    each: { type: 'boolean' },
  },
});
const SIZES = values.rows.split(',').map(Number);
const ROUNDS = Number(values.rounds);
/** Requests of each kind in a round: one after the other, and as many at once. */
const ASKED = 40;
const AT_ONCE = 16;
const run = promisify(execFile);
const progress = progressLine();

interface Grown {
  rows: number;
  url: string;
  db: pg.Pool;
  sized: Sized;
  /** By name, one value a round. */
  figures: Map<string, number[]>;
}

const folder = mkdtempSync(join(tmpdir(), 'moviemind-growth-'));
const postgres = new EmbeddedPostgres(folder);
const server = await postgres.start();
const settings = {
  QUEUE_CONNECTION: 'database',
  AUTH_REQUIRED: 'false',
  LOG_LEVEL: 'silent',
  JOB_RETENTION_DAYS: '3650',
};

async function grown(rows: number): Promise<Grown> {
  const name = `grown_${rows}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await migrate(new Config({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }));
  const db = new pg.Pool({ connectionString: url, max: 2 });
  db.on('error', () => undefined);
  await fillLedger(db, rows, (line) => progress.say(`${rows}: ${line}`));
  return { rows, url, db, sized: await sizesOf(db), figures: new Map() };
}

function note({ figures, rows }: Grown, name: string, value: number): void {
  figures.set(name, [...(figures.get(name) ?? []), value]);
  if (values.each) console.log([rows, name, shown(value)].join('\t'));
}

async function timed<T>(act: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const result = await act();
  return [performance.now() - began, result];
}

/** Pages of the database that were looked at so far. Sessions tell of theirs once a second. */
async function pagesOf({ db }: Grown): Promise<number> {
  await sleep(1200);
  const { rows } = await db.query<{ pages: number }>(
    'SELECT (blks_hit + blks_read)::float8 AS pages FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]!.pages;
}

/** Median and p95 of requests one after the other, milliseconds; and pages, which other work does not change. */
async function each(one: Grown, name: string, act: (n: number) => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  const before = await pagesOf(one);
  for (let n = 0; n < ASKED; n++) took.push((await timed(() => act(n)))[0]);
  note(one, `${name}, pages`, ((await pagesOf(one)) - before) / ASKED);
  const sorted = ascending(took);
  note(one, `${name}, median ms`, quantile(sorted, 0.5));
  note(one, `${name}, p95 ms`, quantile(sorted, 0.95));
}

async function rate(one: Grown, name: string, act: (n: number) => Promise<unknown>): Promise<void> {
  const [took] = await timed(() =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        for (let n = 0; n < ASKED / 4; n++) await act(lane * ASKED + n);
      }),
    ),
  );
  note(one, name, (AT_ONCE * (ASKED / 4)) / (took / 1000));
}

let serial = 0;
const programs: Program[] = [];

function started(more: Record<string, string>): Program {
  const program = new Program({ ...settings, ...more });
  programs.push(program);
  return program;
}

async function throughApi(one: Grown): Promise<void> {
  const [began, api] = await timed(async () => {
    const program = started({ DATABASE_URL: one.url, ROLE: 'api' });
    return { program, url: await program.ready() };
  });
  note(one, 'start until ready, ms', began);
  const get = async (path: string) => {
    const answer = await fetch(api.url + path);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  };
  const accept = async () => {
    const body = JSON.stringify({ title: `Growth ${one.rows} ${serial++}`, release_year: 2001 });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${api.url}/movies/generate`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    if (answer.status !== 202) throw new Error(`accept: ${answer.status}`);
  };
  const film = (n: number) => 1 + ((n * 7919) % one.sized.films);
  const { rows: jobs } = await one.db.query<{ id: string }>(
    `SELECT id FROM generation_jobs WHERE status = 'DONE' ORDER BY hashtext(id::text) LIMIT ${ASKED}`,
  );
  for (let n = 0; n < 10; n++) await Promise.all([accept(), get('/movies'), get('/jobs'), get(`/jobs/${jobs[0]!.id}`)]);
  await each(one, 'accept', accept);
  await rate(one, 'accept, requests a second', accept);
  await each(one, 'poll of a finished job', (n) => get(`/jobs/${jobs[n % jobs.length]!.id}`));
  await each(one, 'list of jobs', () => get('/jobs?limit=50'));
  await each(one, 'list of jobs, DONE', () => get('/jobs?status=DONE&limit=50'));
  await each(one, 'film by slug', (n) => get(`/movies/film-${film(n)}`));
  await each(one, 'list of films', () => get('/movies?per_page=20'));
  await each(one, 'list of films of a year', (n) => get(`/movies?year=${1930 + (n % 90)}`));
  await each(one, 'search, a rare word', (n) =>
    get(
      `/movies?q=w${createHash('md5')
        .update(String(film(n)))
        .digest('hex')
        .slice(0, 7)}`,
    ),
  );
  await each(one, 'search, a word of a fifth', () => get('/movies?q=the'));
  note(one, 'memory of the API, MiB', memoryOf(api.program));
  await api.program.end('SIGTERM');
}

/** Resident, of a process of ours. */
function memoryOf({ child }: Program): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** What was accepted is done by one worker: claims, and all that it writes. */
async function throughWorker(one: Grown): Promise<void> {
  const waiting = async () =>
    (await one.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM generation_jobs WHERE finished_at IS NULL`))
      .rows[0]!.n;
  const count = await waiting();
  const worker = started({ DATABASE_URL: one.url, ROLE: 'worker' });
  await worker.ready();
  const [took] = await timed(async () => {
    for (let left = count; left > 0; left = await waiting()) await sleep(50);
  });
  note(one, 'jobs a second of one worker', count / (took / 1000));
  note(one, 'memory of the worker, MiB', memoryOf(worker));
  await worker.end('SIGTERM');
}

/** What pg_dump does with the rows: COPY, packed. It itself has to be of the server's version, and may not be here. */
async function backup(one: Grown): Promise<void> {
  const tables = ['generation_jobs', 'movies', 'movie_descriptions'];
  const copy = tables.map((table) => `psql "$URL" -qAtc "COPY ${table} TO STDOUT"`).join('; ');
  const env = { ...process.env, URL: one.url };
  const [took, { stdout }] = await timed(() =>
    run('sh', ['-c', `(${copy}) | gzip -1 | wc -c`], { env, timeout: 900_000 }),
  );
  note(one, 'COPY and gzip -1, s', took / 1000);
  note(one, 'COPY and gzip -1, bytes a job', Number(stdout) / one.rows);
}

/** The oldest tenth, in batches, as housekeeping does it; and the same as a partition. */
async function prune(one: Grown): Promise<void> {
  const days = await one.db.query<{ days: number }>(
    `SELECT GREATEST(1, floor(extract(epoch FROM now() - percentile_disc(0.1) WITHIN GROUP (ORDER BY finished_at)) / 86400))::int AS days
     FROM generation_jobs WHERE status = 'DONE'`,
  );
  const db = await new DataSource({ ...dataSourceOptions(one.url), poolSize: 2 }).initialize();
  try {
    const lapsed = new LapsedJobs(db, null as never, null as never, { retentionDays: days.rows[0]!.days } as Config);
    let removed = 0;
    const batches: number[] = [];
    for (let count = 1; count > 0 && batches.length < 2000; removed += count) {
      const [took, gone] = await timed(() => lapsed.prune(1000));
      batches.push(took);
      count = gone;
    }
    note(one, 'prune, ms a batch of 1000', median(batches));
    note(one, 'prune, rows removed', removed);
    note(one, 'prune, rows a second', removed / (batches.reduce((sum, ms) => sum + ms, 0) / 1000));
  } finally {
    await db.destroy();
  }
  const [vacuum] = await timed(() => one.db.query('VACUUM generation_jobs'));
  note(one, 'VACUUM after it, s', vacuum / 1000);
  for (const [name, value] of Object.entries(await partitioned(one.db))) note(one, name, value);
}

try {
  const all: Grown[] = [];
  for (const rows of SIZES) all.push(await grown(rows));
  for (const one of all)
    for (const [name, value] of Object.entries(await statementFigures(one.db))) note(one, name, value);
  for (let round = 0; round < ROUNDS; round++)
    for (const one of round % 2 === 0 ? all : all.toReversed()) {
      progress.say(`round ${round + 1} of ${ROUNDS}, ${one.rows}`);
      await throughApi(one);
      await throughWorker(one);
    }
  for (const one of all) {
    progress.say(`backup and pruning, ${one.rows}`);
    await backup(one);
    await prune(one);
  }
  progress.end();
  for (const { rows, sized } of all) console.log(`${rows} jobs: ${JSON.stringify(sized)}`);
  const [first] = all;
  console.log(
    [
      '',
      ...all.map(({ rows }) => rows.toLocaleString('en-US')),
      ...all.slice(1).map(({ rows }) => `× at ${rows}`),
    ].join('\t'),
  );
  for (const name of first!.figures.keys()) {
    const medians = all.map(({ figures }) => median(figures.get(name) ?? []));
    console.log(
      [name, ...medians.map(shown), ...medians.slice(1).map((value) => shown(value / medians[0]!))].join('\t'),
    );
  }
  await Promise.all(all.map(({ db }) => db.end()));
} finally {
  progress.end();
  for (const { child } of programs) child.kill('SIGKILL');
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
