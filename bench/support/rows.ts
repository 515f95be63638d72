import type pg from 'pg';

export type Grown = 'waiting' | 'finished';

const COUNT = {
  waiting: `SELECT count(*)::int AS n FROM generation_jobs WHERE status = 'PENDING'`,
  finished: `SELECT count(*)::int AS n FROM generation_jobs WHERE status = 'DONE'`,
};
const NUMBERED = `generate_series($1::int + 1, $2::int) AS n`;
const SUBJECT = `'MOVIE', 'grown-' || n || '-2000', 'en-US', 'DEFAULT',
  jsonb_build_object('subject', 'Grown ' || n, 'year', 2000), 3, 'bench'`;

/** As they are accepted, and as they are when they are done. */
const INSERT = {
  waiting: `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts,
      request_id, wait_seconds)
    SELECT uuidv7(), ${SUBJECT}, 0 FROM ${NUMBERED}`,
  finished: `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts,
      request_id, slug, status, stage, attempts, revision, worker, created_at, dispatched_at, started_at, finished_at,
      history, result, usage)
    SELECT uuidv7(), ${SUBJECT}, 'grown-' || n || '-2000', 'DONE', 'DONE', 1, 3, 'bench:1', made, made, made, made,
      jsonb_build_array(jsonb_build_object('attempt', 1, 'worker', 'bench:1', 'started_at', made, 'finished_at', made,
        'outcome', 'DONE', 'model', 'bench-model-1', 'input_tokens', 321, 'output_tokens', 123, 'duration_ms', 3)),
      jsonb_build_object('id', gen_random_uuid(), 'slug', 'grown-' || n || '-2000',
        'description_id', gen_random_uuid(), 'version', 1),
      jsonb_build_object('model', 'bench-model-1', 'calls', 1, 'input_tokens', 321, 'output_tokens', 123,
        'duration_ms', 3)
    FROM ${NUMBERED}, LATERAL (SELECT now() - make_interval(mins => n % 40000) AS made) AS time`,
};
const AT_ONCE = 50_000;

/** Inserts rows until there are so many. */
export async function grow(db: pg.Pool, state: Grown, size: number): Promise<void> {
  const { rows } = await db.query<{ n: number }>(COUNT[state]);
  for (let n = rows[0]!.n; n < size; n += AT_ONCE) await db.query(INSERT[state], [n, Math.min(size, n + AT_ONCE)]);
  await db.query('VACUUM ANALYZE generation_jobs');
}

/** Ids of some of them, wherever they lie. */
export async function sampleOf(db: pg.Pool, state: Grown, count: number): Promise<string[]> {
  const status = state === 'waiting' ? 'PENDING' : 'DONE';
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM generation_jobs WHERE status = $1 ORDER BY hashtext(id::text) LIMIT $2`,
    [status, count],
  );
  return rows.map(({ id }) => id);
}
