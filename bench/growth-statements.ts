import type pg from 'pg';

/** The statements under the requests, in short; `test/plans.e2e-spec.ts` holds the plans of the real ones. */
const STATEMENTS = {
  'poll by id': `SELECT * FROM generation_jobs WHERE id =
    (SELECT id FROM generation_jobs WHERE status = 'DONE' ORDER BY id LIMIT 1)`,
  'list of jobs': 'SELECT * FROM generation_jobs ORDER BY id DESC LIMIT 50',
  'is it asked already': `SELECT * FROM generation_jobs WHERE entity = 'MOVIE' AND requested_slug = 'film-77'
    AND locale = 'en-US' AND context_tag = 'DEFAULT' AND status IN ('PENDING', 'IN_PROGRESS')`,
  'what is due': `SELECT id FROM generation_jobs WHERE status = 'PENDING' AND dispatched_at IS NULL AND run_at <= now()
    ORDER BY run_at LIMIT 500`,
  'a batch to prune': `SELECT id FROM generation_jobs WHERE status IN ('DONE', 'CANCELLED', 'EXPIRED')
    AND finished_at < now() - interval '30 days' ORDER BY finished_at LIMIT 1000`,
  'film by slug': `SELECT * FROM movies WHERE slug = 'film-77'`,
  'texts of a film': `SELECT * FROM movie_descriptions WHERE movie_id = md5('f77')::uuid`,
  'list of films': 'SELECT * FROM movies WHERE has_text AND NOT hidden ORDER BY updated_at DESC, id LIMIT 20',
};

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number }; 'Execution Time': number }];
}

/** Pages that each looks at, and its time in PostgreSQL, by name. The second of two runs. */
export async function statementFigures(db: pg.Pool): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [name, statement] of Object.entries(STATEMENTS))
    for (let times = 0; times < 2; times++) {
      const { rows } = await db.query<Explained>(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${statement}`);
      const [{ Plan: plan, 'Execution Time': took }] = rows[0]!['QUERY PLAN'];
      figures[`in PostgreSQL: ${name}, pages`] = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
      figures[`in PostgreSQL: ${name}, ms`] = took;
    }
  return figures;
}
