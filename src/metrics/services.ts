import { DataSource } from 'typeorm';
import { HealthReads } from '../database/pools.js';
import { type Session, sql, sqlRow } from '../database/sql.js';
import { type RedisReport, reportOf } from '../health/redis-report.js';
import type { RedisClient } from '../redis/redis.js';
import { within } from '../timing/within.js';
import { type Family, single } from './family.js';

/** A service that does not answer the shortest question within this time counts as down, milliseconds. */
const UP_WITHIN_MS = 2000;

/** What PostgreSQL tells of itself, of workers and of backups. */
interface Told {
  connections: number;
  most_connections: number;
  bytes: number;
  backup_age: number | null;
  silent: number;
}

export interface Services {
  postgresUp: boolean;
  /** `undefined`: no Redis is used. */
  redisUp: boolean | undefined;
  /** `null`: PostgreSQL did not answer. */
  told: Told | null;
  memory: Pick<RedisReport, 'used_memory' | 'maxmemory'> | null;
}

/** A worker that leaves removes its row; one that fell silent is forgotten after an hour (worker-registry.ts). */
const TOLD = `SELECT sum(numbackends)::int AS connections,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      AS most_connections,
    pg_database_size(current_database())::float8 AS bytes,
    (SELECT extract(epoch FROM now() - max(finished_at))::float8 FROM backups) AS backup_age,
    (SELECT count(*)::int FROM workers WHERE expires_at BETWEEN now() - interval '1 hour' AND now()) AS silent
  FROM pg_stat_database`;

interface Asked {
  db: DataSource;
  reads: HealthReads;
  redis: RedisClient | null;
}

/** Never throws. */
export async function readServices({ db, reads, redis }: Asked, patienceMs: number): Promise<Services> {
  const [postgresUp, redisUp, told, memory] = await Promise.all([
    answers(sql(db, 'SELECT 1')),
    redis ? answers(redis.ping()) : undefined,
    within(patienceMs, reads.read(toldBy)).catch(() => null),
    redis && within(UP_WITHIN_MS, reportOf(redis)).catch(() => null),
  ]);
  return { postgresUp, redisUp, told, memory };
}

const toldBy = (db: Session) => sqlRow<Told>(db, TOLD);
const answers = (question: Promise<unknown>): Promise<boolean> =>
  within(UP_WITHIN_MS, question).then(
    () => true,
    () => false,
  );

export function ofServices({ postgresUp, redisUp, told, memory }: Services): Family[] {
  const age = told?.backup_age ?? null;
  const redis = [
    single('redis_up', 'Whether Redis answers', Number(redisUp)),
    single('redis_memory_bytes', 'Memory that Redis uses', memory?.used_memory ?? null),
    single(
      'redis_memory_max_bytes',
      'Memory that Redis may use; no series: as much as there is',
      memory?.maxmemory || null,
    ),
  ];
  return [
    single('postgres_up', 'Whether PostgreSQL answers', Number(postgresUp)),
    single('postgres_connections', 'Connections to all databases of the server', told && told.connections),
    single('postgres_connections_max', 'Connections that it takes', told && told.most_connections),
    single('postgres_database_bytes', 'Size of the database', told && told.bytes),
    ...(redisUp === undefined ? [] : redis),
    single('workers_silent', 'Workers that fell silent within the last hour, without leaving', told && told.silent),
    single(
      'backup_age_seconds',
      'How old the newest backup is that was noted; no series: none was',
      age === null ? null : Math.max(0, age),
    ),
  ];
}
