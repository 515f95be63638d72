import type pg from 'pg';

/** What a pooler between us and PostgreSQL keeps for its client: a whole session, or only a transaction. */
type Pooling = 'session' | 'transaction';

/** By connection string, for the life of the process; filled once, at the start. */
const known = new Map<string, Pooling>();

/** `undefined`: not known. Then no state may be left in a session, because other clients may use it. */
export const poolingOf = (url: string | undefined): Pooling | undefined => known.get(url ?? '');

export const rememberPooling = (url: string, pooling: Pooling): void => void known.set(url, pooling);

/** How often two connections are compared. By chance, another client may get the server process that would show it. */
const TRIALS = 5;

/**
 * Whether a connection keeps its server process. Without a pooler it is the process that the server named at the start.
 * A pooler in transaction mode gives the process of one idle connection to the other, or gives the first another one.
 */
export async function findPooling(one: pg.Client, open: () => Promise<pg.Client>): Promise<Pooling> {
  if ((await processOf(one)) === (one as unknown as { processID: number }).processID) return 'session';
  const other = await open();
  try {
    for (let trial = 0; trial < TRIALS; trial++) if (await sharesProcess(one, other)) return 'transaction';
    return 'session';
  } finally {
    await other.end();
  }
}

async function sharesProcess(one: pg.Client, other: pg.Client): Promise<boolean> {
  const before = await processOf(one);
  await other.query('BEGIN');
  const taken = await processOf(other);
  const after = await processOf(one);
  await other.query('ROLLBACK');
  return taken === before || before !== after;
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}
