/** What all peers on Fastify say alike: the same request as the program takes, checked, and an answer with the job's id. */
import Fastify from 'fastify';
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Asked } from './film.ts';

const BODY = {
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: {
    title: { type: 'string', minLength: 1, maxLength: 200 },
    release_year: { type: 'integer', minimum: 1888, maximum: 2036, nullable: true },
  },
};
const ANSWER = {
  type: 'object',
  properties: {
    job_id: { type: 'string' },
    status: { type: 'string' },
    title: { type: 'string' },
    release_year: { type: 'integer', nullable: true },
    created_at: { type: 'string' },
  },
};

interface Wire {
  /** Takes the job on: when it settles, the 202 leaves. */
  accept: (job: Asked) => Promise<unknown>;
  /** What is known of a job: JSON, as it is sent. */
  poll: (id: string) => Promise<string | null>;
}

const tagOf = (json: string) => `"${createHash('sha1').update(json).digest('base64')}"`;

/** Listens, and says so. */
export async function serve({ accept, poll }: Wire): Promise<void> {
  const app = Fastify();
  app.post<{ Body: { title: string; release_year?: number | null } }>(
    '/movies/generate',
    { schema: { body: BODY, response: { 202: ANSWER } } },
    async (request, reply) => {
      const { title, release_year } = request.body;
      const id = uuidv7();
      await accept({ id, title, release_year: release_year ?? null });
      const created_at = new Date().toISOString();
      return reply.code(202).send({ job_id: id, status: 'PENDING', title, release_year, created_at });
    },
  );
  app.get<{ Params: { id: string } }>('/jobs/:id', async (request, reply) => {
    const json = await poll(request.params.id);
    if (json === null) return reply.code(404).send({ title: 'unknown job' });
    const known = request.headers['if-none-match'];
    if (known) {
      const etag = tagOf(json);
      reply.header('etag', etag);
      if (known === etag) return reply.code(304).send();
    }
    return reply.type('application/json; charset=utf-8').send(json);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  console.log(`READY ${(app.server.address() as { port: number }).port}`);
}

/** As those who start a peer give it. */
export const settings = () => {
  const { ROLE, DATABASE_URL, REDIS_URL, MODEL_URL, CONCURRENCY, MODE, PREFIX } = process.env as Record<string, string>;
  return {
    role: ROLE!,
    database: DATABASE_URL!,
    redis: REDIS_URL!,
    model: MODEL_URL!,
    concurrency: Number(CONCURRENCY ?? 1),
    mode: MODE!,
    prefix: PREFIX!,
  };
};
