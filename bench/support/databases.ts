import pg from 'pg';
import { atEnd } from './ending.ts';
import type { Done } from './contender.ts';

/** A new database on the same server, and a connection to it. */
export async function newDatabase(server: string, name: string): Promise<{ url: string; db: pg.Pool }> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE "${name}"`);
  await admin.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  const db = new pg.Pool({ connectionString: url.href, max: 2 });
  db.on('error', () => undefined);
  atEnd(() => db.end());
  return { url: url.href, db };
}

/** How many rows of a table have one of these ids. */
export async function countOf(db: pg.Pool, table: string, ids: string[]): Promise<number> {
  const { rows } = await db.query(`SELECT count(*)::int AS n FROM ${table} WHERE id = ANY($1::uuid[])`, [ids]);
  return rows[0].n as number;
}

/** By the commit that made each DONE, as PostgreSQL's clock has it. */
export async function doneIn(db: pg.Pool, table: string, ids: string[]): Promise<Done> {
  const { rows } = await db.query<{ id: string; at: string }>(
    `SELECT id, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 AS at FROM ${table}
     WHERE status = 'DONE' AND id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, at }) => [id, Number(at)]));
}
