import type pg from 'pg';

export const INSERT = `INSERT INTO generation_jobs (id, entity, requested_slug, locale, context_tag, request, max_attempts, request_id)
  SELECT gen_random_uuid(), 'MOVIE', 'bench-' || n || '-2000', 'en-US', 'DEFAULT', jsonb_build_object('subject', 'Bench ' || n, 'year', 2000), 3, 'bench'
  FROM generate_series(1, $1) AS n`;

/** The questions that are asked again and again while all is well. */
const PLANS: Record<string, string> = {
  'due rows (dispatcher)': `SELECT id FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now() ORDER BY run_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED`,
  'silent workers (sweeper)': `SELECT id FROM generation_jobs WHERE status = 'IN_PROGRESS' AND lease_expires_at < now() ORDER BY lease_expires_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
  'overdue rows (sweeper)': `SELECT id FROM generation_jobs WHERE status = 'PENDING' AND started_at IS NULL AND deadline_at < now() ORDER BY deadline_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
  'longest waiting (sweeper)': `SELECT id FROM (SELECT * FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NOT NULL ORDER BY dispatched_at LIMIT 500) AS first WHERE dispatched_at < now() ORDER BY dispatched_at LIMIT 20`,
  'in one queue (sweeper)': `SELECT id FROM (SELECT * FROM generation_jobs WHERE status = 'PENDING' AND entity = 'MOVIE' AND run_at <= now() ORDER BY run_at, id LIMIT 500) AS first WHERE dispatched_at < now() ORDER BY dispatched_at LIMIT 20`,
  'past retention (sweeper)': `SELECT id FROM generation_jobs WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED') AND finished_at < now() - interval '30 days' ORDER BY finished_at LIMIT 500 FOR UPDATE SKIP LOCKED`,
};

/** What each of them costs now: by which index, how many rows, how long. */
export async function explained(db: pg.Pool): Promise<string[]> {
  const said: string[] = [];
  for (const [name, statement] of Object.entries(PLANS)) {
    const { rows } = await db.query(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${statement}`);
    const lines = rows.map((row: Record<string, string>) => row['QUERY PLAN'] ?? '');
    const scan = lines.find((line) => /Scan/.test(line))?.trim() ?? '';
    said.push(`${name.padEnd(28)} ${lines.at(-1)!.padEnd(26)} ${scan}`);
  }
  return said;
}
