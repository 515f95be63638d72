import type pg from 'pg';
import type { Evidence } from './invariants.ts';

type Recorded = Pick<
  Evidence,
  'rows' | 'tokens' | 'results' | 'removed' | 'failedJobs' | 'movieSlugs' | 'personSlugs' | 'webhooks' | 'deliveries'
>;

/** What PostgreSQL has recorded, for the checker. */
export async function recorded(db: pg.Pool): Promise<Recorded> {
  const all = async <T>(text: string) => (await db.query(text)).rows as T[];
  const slugs = async (table: string) =>
    (await all<{ slug: string }>(`SELECT slug FROM ${table}`)).map(({ slug }) => slug);
  return {
    rows: await all(
      `SELECT id, COALESCE(request ->> 'subject', requested_slug) AS subject, status, run, attempts, max_attempts, crashes, history,
         COALESCE((usage ->> 'input_tokens')::int + (usage ->> 'output_tokens')::int, 0) AS tokens,
         result, error, xmin::text AS written_by FROM generation_jobs`,
    ),
    tokens: (
      await all<{ tokens: number }>(
        'SELECT COALESCE(sum(input_tokens + output_tokens), 0)::int AS tokens FROM model_uses',
      )
    )[0]!.tokens,
    results: await all(
      `SELECT d.id, d.job_id, m.slug, concat_ws(' ', d.locale, d.context_tag, d.version) AS version,
         CASE WHEN d.origin = 'GENERATED' THEN d.text END AS text
       FROM movie_descriptions d JOIN movies m ON m.id = d.movie_id
       UNION ALL
       SELECT b.id, b.job_id, 'person ' || p.slug, concat_ws(' ', b.locale, b.context_tag, b.version),
         CASE WHEN b.origin = 'GENERATED' THEN b.text END
       FROM person_bios b JOIN people p ON p.id = b.person_id`,
    ),
    removed: new Set(
      (
        await all<{ id: string }>(
          `SELECT CASE action WHEN 'remove' THEN entity_id::text ELSE details ->> 'id' END AS id FROM audit_log
           WHERE action IN ('remove', 'remove_text')`,
        )
      ).map(({ id }) => id),
    ),
    failedJobs: await all('SELECT job_id, xmin::text AS written_by FROM failed_jobs'),
    webhooks: await all('SELECT id, job_id, url, events FROM job_webhooks'),
    deliveries: await all(
      `SELECT id, webhook_id, run, event, status, attempts, concat_ws(', ', last_error, CASE WHEN in_hand THEN 'in hand' END,
         CASE WHEN dispatched_at IS NOT NULL THEN 'in the queue' END, 'due ' || extract(epoch FROM run_at - now())::int || ' s from now') AS how
       FROM webhook_deliveries`,
    ),
    movieSlugs: await slugs('movies'),
    personSlugs: await slugs('people'),
  };
}
