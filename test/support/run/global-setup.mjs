import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../../dist/modules/src/config/config.js';
import { migrate } from '../../../dist/modules/src/server/data-source.js';
import { EmbeddedPostgres } from '../../../dist/modules/src/embedded/embedded-postgres.js';
import { StubTmdb } from '../facts/stub-tmdb.ts';
import { startRedis } from '../machines/services.ts';

/** What all files together need, bytes, several times over. */
const ROOM = 4 * 1024 ** 3;

/** Where the databases lie: in memory where there is much of it. A commit does not wait for a disk there. */
function roomy() {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize > ROOM) return '/dev/shm';
  } catch {
    // a system that has no such folder
  }
  return tmpdir();
}

/**
 * One PostgreSQL and one Redis for all files; each file clones the migrated template and takes a key prefix of its own.
 * Files that ill-treat a PostgreSQL of their own start it on a copy of the same data folder.
 * With TEST_FACTS=tmdb, servers look facts up at a TMDB that knows no film: all that holds without one has to hold then.
 * Jest loads this file outside its transform, hence plain JavaScript on what was built.
 */
export default async function globalSetup() {
  if (globalThis.moviemindServices) return;
  const folder = mkdtempSync(join(roomy(), 'moviemind-test-'));
  const [template, data] = [join(folder, 'template'), join(folder, 'data')];
  const [redis] = await Promise.all([startRedis(), fill(template)]);
  execFileSync('cp', ['-a', template, data]);
  const postgres = new EmbeddedPostgres(data);
  process.env.TEST_DATABASE_URL = await postgres.start();
  process.env.TEST_DATA_FOLDER = template;
  process.env.TEST_REDIS_URL = redis.url;
  const tmdb = process.env.TEST_FACTS === 'tmdb' ? await StubTmdb.start() : null;
  if (tmdb) process.env.TEST_TMDB_URL = tmdb.url;
  globalThis.moviemindServices = { postgres, redis, folder, tmdb };
}

/** Makes a data folder with a migrated database, on which no server runs. */
async function fill(folder) {
  const postgres = new EmbeddedPostgres(folder);
  try {
    const url = await postgres.start();
    await migrate(new Config({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }));
  } finally {
    await postgres.stop();
  }
}
