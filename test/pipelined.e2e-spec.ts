import pg from 'pg';
import { PipelinedClient } from '../src/database/pipelined-client.js';
import { together } from '../src/database/transaction.js';
import { cloneDatabase } from './support/server/server.js';

/** Not there: statements of it fail. */
const NOWHERE = 'SELECT * FROM nowhere WHERE id = $1';

describe('a transaction whose statements travel together', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let other: pg.Client;
  let client: PipelinedClient;

  beforeAll(async () => {
    database = await cloneDatabase();
    other = new pg.Client(database.url);
    await other.connect();
    await other.query('CREATE TABLE notes (n int)');
  });

  beforeEach(async () => {
    await other.query('TRUNCATE notes');
    client = new PipelinedClient({ connectionString: database.url });
    await client.connect();
  });

  afterEach(() => client.end());

  afterAll(async () => {
    await other.end();
    await database.drop();
  });

  const note = (n: number) => client.query('INSERT INTO notes VALUES ($1)', [n]);
  const noted = async () => (await other.query<{ n: number }>('SELECT n FROM notes ORDER BY n')).rows.map(({ n }) => n);

  it('is seen by others after its COMMIT, and not before', async () => {
    await client.query('START TRANSACTION');
    await together([note(1), note(2), client.query('INSERT INTO notes VALUES (3)')]);
    expect(await noted()).toEqual([]);
    await client.query('COMMIT');
    expect(await noted()).toEqual([1, 2, 3]);
  });

  it.each([
    ['first', () => [client.query(NOWHERE, [1]), note(1), note(2)]],
    ['second', () => [note(1), client.query(NOWHERE, [1]), note(2)]],
    ['last', () => [note(1), note(2), client.query(NOWHERE, [1])]],
  ])('writes nothing where the %s one fails, and says why', async (_, asked) => {
    await client.query('START TRANSACTION');
    await expect(together(asked())).rejects.toThrow('"nowhere" does not exist');
    await client.query('ROLLBACK');
    expect(await noted()).toEqual([]);
    await note(4);
    expect(await noted()).toEqual([4]);
  });

  it('writes nothing where its session ends in between', async () => {
    await client.query('START TRANSACTION');
    await note(1);
    const ended = client.query('SELECT pg_terminate_backend(pg_backend_pid(), $1)', [0]);
    await expect(together([ended, note(2)])).rejects.toThrow(/terminat/);
    expect(await noted()).toEqual([]);
  });

  it('that asks nothing is none', async () => {
    await client.query('START TRANSACTION');
    await client.query('COMMIT');
    await note(1);
    expect(await noted()).toEqual([1]);
  });
});
