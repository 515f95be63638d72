/**
 * Part of a statement: writes down that the key `$n` shares the jobs of the CTE `jobs`, as far as it did not make them. In the
 * statement that answers those jobs, so that no answer can be lost on its way to being readable. The CTE locks its rows with
 * FOR KEY SHARE, or one of them might be gone before it is shared.
 */
export const sharedWith = (jobs: string, key: string) =>
  `INSERT INTO job_requesters (job_id, api_key_id) SELECT id, ${key}::uuid FROM ${jobs}
   WHERE ${key}::uuid IS NOT NULL AND api_key_id IS DISTINCT FROM ${key}::uuid ON CONFLICT DO NOTHING`;
