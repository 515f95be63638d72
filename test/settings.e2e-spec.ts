import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './support/server/process.js';
import { cloneDatabase, eventually } from './support/server/server.js';
import { StubModel } from './support/model/stub-model.js';

const entry = (name: string) => join(process.cwd(), `dist/src/${name}.js`);
const lines = (text: string) => text.trim().split('\n');

describe('settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-settings-'));
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let model: StubModel;
  let socket: Server;
  let program: Program | undefined;

  beforeAll(async () => {
    database = await cloneDatabase();
    model = await StubModel.start();
    const { hostname, port } = new URL(database.url);
    socket = createServer((client) => {
      const server = connect(Number(port), hostname);
      for (const end of [client, server]) end.on('error', () => undefined);
      client.pipe(server).pipe(client);
    }).listen(join(folder, '.s.PGSQL.5432'));
  });

  afterEach(async () => {
    await program?.end('SIGKILL');
    program = undefined;
  });

  afterAll(async () => {
    socket.close();
    await model.stop();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** In a folder of its own with that file `.env`. */
  const start = (file: string, settings: Record<string, string>, name = 'main', args: string[] = []) => {
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    writeFileSync(join(cwd, '.env'), file);
    return (program = new Program(settings, entry(name), args, cwd));
  };

  it('come from the file .env too, which the start says; the environment wins where it says something', async () => {
    const file = `\ufeffDATABASE_URL=${database.url}\nADMIN_TOKEN = "from-the-file-0123456789"\nROLE=api\nUNRELATED=1\n`;
    const server = start(file, { ROLE: 'all', ADMIN_TOKEN: ' ', QUEUE_CONNECTION: 'database' });
    const url = await server.ready();
    expect(server.output).toMatch(/settings +of \.env: (DATABASE_URL, ADMIN_TOKEN|ADMIN_TOKEN, DATABASE_URL) /);
    expect(server.output).toMatch(/role +all/);
    await eventually(async () => server.output.includes('UNRELATED of .env has no effect'));
    // What only the file knows is in no variable of a shell; the commands read it as well.
    expect(server.output).toMatch(/KEY=\$\(npx moviemind keys create .*\)\n +curl .*Bearer \$KEY/);
    const authorization = 'Bearer from-the-file-0123456789';
    expect((await fetch(`${url}/health/detail`, { headers: { authorization } })).status).toBe(200);
    const cli = new Program({}, entry('cli'), ['keys', 'list', '--json'], server.cwd);
    expect([await cli.exited, JSON.parse(cli.stdout)]).toEqual([0, []]);
    const migrate = new Program({}, entry('migrate'), [], server.cwd);
    expect([await migrate.exited, migrate.output]).toEqual([0, 'The database is up to date.\n']);
  }, 90_000);

  it('of .env that are wrong are told with where they are', async () => {
    const server = start('PORT=many\n', { PORT: '' });
    expect(await server.exited).toBe(1);
    expect(lines(server.output)).toEqual([
      expect.stringMatching(/start: PORT: takes an integer .* \(it is set in \.env\)$/),
    ]);
    const wrong = ['MODEL_PRICES=cheap', 'DAILY_TOKEN_BUDGET=-1', 'OPENAI_MODEL=gpt-4.1-mini, ,gpt-4.1-nano'];
    const programs = wrong.map((line) => start(`${line}\n`, { OPENAI_API_KEY: 'k' }));
    expect(await Promise.all(programs.map(({ exited }) => exited))).toEqual([1, 1, 1]);
    expect(programs.map(({ output }) => lines(output))).toEqual([
      [expect.stringMatching(/start: MODEL_PRICES: takes model=in\/out, money per million tokens/)],
      [expect.stringMatching(/start: DAILY_TOKEN_BUDGET: takes an integer 0\.\./)],
      [expect.stringMatching(/start: OPENAI_MODEL: takes names of models without blanks/)],
    ]);
    mkdirSync(join(server.cwd, 'sub/.env'), { recursive: true });
    const unreadable = new Program({}, entry('main'), [], join(server.cwd, 'sub'));
    expect(await unreadable.exited).toBe(1);
    expect(lines(unreadable.output)).toEqual([
      expect.stringContaining('cannot read the file .env in this folder (EISDIR)'),
    ]);
  }, 30_000);

  it('of docker compose in the same folder leave a start that works and says what is not for it', async () => {
    const example = readFileSync('.env.example', 'utf8').replace(
      /^(\w+_PASSWORD|ADMIN_TOKEN)=$/gm,
      '$1=0123456789abcdef',
    );
    const server = start(example, { DATA_DIR: join(folder, 'data') });
    await server.ready();
    await eventually(async () =>
      server.output.includes('POSTGRES_PASSWORD, DATABASE_PASSWORD, REDIS_PASSWORD have no effect: docker compose'),
    );
    expect(server.output).toMatch(/settings +of \.env: .*ADMIN_TOKEN/);
    expect(await server.end('SIGTERM')).toBe(0);
  }, 90_000);

  it('that are misspelt or given in vain are told at the start, which asks the server of a base URL', async () => {
    const given = { OPENAI_APIKEY: 'k', JOB_LEASE: '5000', OPENAI_BASE_URL: ` ${model.url}\n`, QUEUE_PREFIX: 'mine' };
    const server = start('', { DATABASE_URL: database.url, QUEUE_CONNECTION: 'database', ...given });
    await server.ready();
    for (const told of [
      'OPENAI_APIKEY is no setting and has no effect: did you mean OPENAI_API_KEY?',
      'did you mean JOB_LEASE_MS?',
      'QUEUE_PREFIX has no effect: there is no Redis',
    ]) {
      await eventually(async () => server.output.includes(told));
    }
    expect(server.output).toMatch(/model +gpt-4\.1-mini at http:\/\/127\.0\.0\.1/);
  }, 60_000);

  it('may name the folder of a socket as the database, for every entry', async () => {
    const { username, password, pathname } = new URL(database.url);
    const url = `postgres://${username}:${password}@${pathname}?host=${folder}`;
    const settings = { DATABASE_URL: url, QUEUE_CONNECTION: 'database', AUTH_REQUIRED: 'false' };
    const server = start('', settings);
    const address = await server.ready();
    expect(server.output).toContain(`PostgreSQL at ${folder}, database ${pathname.slice(1)}`);
    const headers = { 'content-type': 'application/json' };
    const body = '{"title":"Through A Socket","release_year":2000}';
    const answer = await fetch(`${address}/movies/generate`, { method: 'POST', headers, body });
    expect(answer.status).toBe(202);
    await eventually(async () => (await fetch(`${address}/movies/through-a-socket-2000`)).status === 200);
    const migrate = new Program(settings, entry('migrate'));
    expect(await migrate.exited).toBe(0);
    const keys = new Program(settings, entry('cli'), ['keys', 'list', '--json']);
    expect(await keys.exited).toBe(0);
  }, 90_000);
});
