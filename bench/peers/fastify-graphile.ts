/** Fastify and graphile-worker, no Redis: the row and its job in one statement; the worker as its page on performance has it. */
import { Logger, makeWorkerUtils, run, WorkerPreset } from 'graphile-worker';
import pg from 'pg';
import { type Asked, modelAt, write } from './film.ts';
import { serve, settings } from './wire.ts';

const { role, database, model, concurrency } = settings();
const pool = new pg.Pool({ connectionString: database, max: role === 'api' ? 10 : 20 });
const logger = new Logger(() => () => undefined);

/** One round trip and one commit for both. */
const ACCEPT = `WITH job AS (INSERT INTO jobs (id, title, release_year) VALUES ($1, $2, $3) RETURNING *)
  SELECT graphile_worker.add_job('film', json_build_object('id', id, 'title', title, 'release_year', release_year))
  FROM job`;
const CLAIM = `UPDATE jobs SET status = 'IN_PROGRESS', started_at = now() WHERE id = $1 AND status = 'PENDING' RETURNING id`;
const ANSWER = 'SELECT body FROM answers WHERE id = $1';

async function api(): Promise<void> {
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  await serve({
    accept: ({ id, title, release_year }) =>
      pool.query({ name: 'accept', text: ACCEPT, values: [id, title, release_year] }),
    poll: async (id) => {
      const { rows } = await pool.query<{ body: string }>({ name: 'answer', text: ANSWER, values: [id] });
      return rows[0]?.body ?? null;
    },
  });
}

async function work(): Promise<void> {
  const ask = modelAt(model, concurrency);
  const film = async (payload: unknown) => {
    const job = payload as Asked;
    const { rowCount } = await pool.query({ name: 'claim', text: CLAIM, values: [job.id] });
    if (rowCount) await write(pool, job, await ask(job));
  };
  const runner = await run({
    preset: {
      extends: [WorkerPreset],
      worker: {
        connectionString: database,
        concurrentJobs: concurrency,
        maxPoolSize: 10,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    logger,
    noHandleSignals: true,
    taskList: { film },
  });
  console.log('READY');
  process.on('SIGTERM', () => void runner.stop().then(() => process.exit(0)));
}

process.on('disconnect', () => process.exit(0));
await (role === 'api' ? api() : work());
