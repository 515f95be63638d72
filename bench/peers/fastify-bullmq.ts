/**
 * Fastify, BullMQ and pg, by hand. MODE=careless: the queue is all there is. MODE=row-first: the row is committed,
 * then the queue is told, then the 202 leaves.
 */
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type Asked, modelAt, write } from './film.ts';
import { serve, settings } from './wire.ts';

const { role, database, redis, model, concurrency, mode, prefix } = settings();
const QUEUE = 'films';
const careless = mode === 'careless';
const pool = new pg.Pool({ connectionString: database, max: role === 'api' ? 10 : 20 });
const connection = () => new Redis(redis, { maxRetriesPerRequest: null, enableAutoPipelining: true });

const INSERT = 'INSERT INTO jobs (id, title, release_year) VALUES ($1, $2, $3)';
const CLAIM = `UPDATE jobs SET status = 'IN_PROGRESS', started_at = now() WHERE id = $1 AND status = 'PENDING' RETURNING id`;

async function api(): Promise<void> {
  const queue = new Queue<Asked>(QUEUE, { connection: connection(), prefix });
  const cache = connection();
  const add = (job: Asked) =>
    queue.add('film', job, { jobId: job.id, removeOnComplete: { count: 20_000 }, removeOnFail: { count: 1000 } });
  const insert = ({ id, title, release_year }: Asked) =>
    pool.query({ name: 'insert', text: INSERT, values: [id, title, release_year] });
  await serve({
    accept: careless ? add : async (job) => add((await insert(job), job)),
    poll: (id) => cache.get(`answer:${id}`),
  });
}

async function work(): Promise<void> {
  const ask = modelAt(model, concurrency);
  const run = async (job: Asked) => {
    if (careless) return ask(job);
    const { rowCount } = await pool.query({ name: 'claim', text: CLAIM, values: [job.id] });
    if (rowCount) await write(pool, job, await ask(job));
    return undefined;
  };
  const options = { connection: connection(), prefix, concurrency };
  const worker = new Worker<Asked>(QUEUE, ({ data }) => run(data), options);
  worker.on('failed', (job, error) => console.error('failed', job?.id, error.message));
  await worker.waitUntilReady();
  console.log('READY');
  process.on('SIGTERM', () => void worker.close().then(() => process.exit(0)));
}

process.on('disconnect', () => process.exit(0));
await (role === 'api' ? api() : work());
