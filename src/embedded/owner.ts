import type pg from 'pg';

const PREFIX = 'moviemind-owner-';

/** Name of the connection by which a process owns its data folder. It tells the next start which process that is. */
export const OWNER_NAME = PREFIX + process.pid;

/** @returns the id of the process with that connection; `null`: it is gone meanwhile */
export async function ownerPid(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ application_name: string }>(
    'SELECT application_name FROM pg_stat_activity WHERE starts_with(application_name, $1)',
    [PREFIX],
  );
  return rows[0]?.application_name.slice(PREFIX.length) ?? null;
}
