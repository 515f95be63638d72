import 'reflect-metadata';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../../dist/src/config/config.js';
import { migrate } from '../../../dist/src/server/data-source.js';
import { EmbeddedPostgres } from '../../../dist/src/embedded/embedded-postgres.js';
import { startRedis } from '../machines/services.ts';

/**
 * One PostgreSQL and one Redis for all files; each file clones the migrated template and takes a key prefix of its own.
 * Jest loads this file outside its transform, hence plain JavaScript on what was built.
 */
export default async function globalSetup() {
  if (globalThis.moviemindServices) return;
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-test-'));
  const postgres = new EmbeddedPostgres(folder);
  const [url, redis] = await Promise.all([postgres.start(), startRedis()]);
  await migrate(new Config({ DATABASE_URL: url, QUEUE_CONNECTION: 'database' }));
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_REDIS_URL = redis.url;
  globalThis.moviemindServices = { postgres, redis, folder };
}
