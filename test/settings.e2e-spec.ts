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
    const server = start(file, {
      ROLE: 'all',
      ADMIN_TOKEN: ' ',
      QUEUE_CONNECTION: 'database',
      PROMPT_CANARY: 'v2:10%',
    });
    const url = await server.ready();
    expect(server.output).toMatch(/prompts +v1, and v2 for 10 of 100 jobs/);
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

  describe('of languages and tones', () => {
    const file = join(folder, 'tones.json');
    const noir = {
      name: 'noir',
      description: 'dark and terse',
      instructions: { movie: 'Rain, always.', person: 'Smoke.' },
    };
    const settings = () => ({
      DATABASE_URL: database.url,
      QUEUE_CONNECTION: 'database',
      AUTH_REQUIRED: 'false',
      ...model.settings,
    });
    const own = () => ({ ...settings(), TONES_FILE: file, LOCALES: 'pl-PL,en-US' });
    const asked = (url: string, body: object, path = 'movies') =>
      fetch(`${url}/${path}/generate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const read = async <T>(url: string) => (await (await fetch(url)).json()) as T;
    const film = (url: string, tag: string) => fetch(`${url}/movies/night-train-1950?context_tag=${tag}`);

    beforeAll(() => writeFileSync(file, JSON.stringify(['humorous', noir])));

    it('are what requests may name, and what the model is told', async () => {
      const url = await start('', own()).ready();
      expect(await read(`${url}/locales`)).toEqual({
        results: [
          { locale: 'en-US', name: 'American English', is_default: true },
          { locale: 'pl-PL', name: 'Polish', is_default: false },
        ],
      });
      const tones = await read<{ results: object[] }>(`${url}/context-tags`);
      expect(tones.results).toEqual([
        { context_tag: 'DEFAULT', description: 'neutral and informative', is_default: true },
        { context_tag: 'humorous', description: 'witty and light', is_default: false },
        { context_tag: 'noir', description: 'dark and terse', is_default: false },
      ]);
      const refused = [{ context_tag: 'modern' }, { context_tag: 'Noir' }, { locale: 'fr-FR' }];
      const answers = await Promise.all(refused.map((one) => asked(url, { title: 'Night Train', ...one })));
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);
      expect(await answers[0]!.text()).toContain('must be one of DEFAULT, humorous, noir');
      expect(await answers[2]!.text()).toContain('must be one of en-US, pl-PL');
      const { components } = await read<{ components: { schemas: Record<string, object> } }>(`${url}/openapi.json`);
      expect(JSON.stringify(components.schemas.GenerateMovie)).toContain('["DEFAULT","humorous","noir",null]');

      await asked(url, { title: 'Night Train', release_year: 1950, tone: 'noir' });
      await asked(url, { name: 'Ada Ford', tone: 'noir' }, 'people');
      await eventually(async () => (await film(url, 'noir')).status === 200);
      await eventually(async () => (await fetch(`${url}/people/ada-ford`)).status === 200);
      const told = (subject: string) => JSON.stringify(model.callsFor(subject));
      expect([told('Night Train'), told('Ada Ford')]).toEqual([
        expect.stringContaining('Its manner: Rain, always.'),
        expect.stringContaining('Its manner: Smoke.'),
      ]);
    }, 90_000);

    it('that are taken away stay with the texts that have them; a job that waits for one says so', async () => {
      const first = start('', { ...own(), ROLE: 'api' });
      const { job_id } = (await (await asked(await first.ready(), { title: 'Late', tone: 'noir' })).json()) as {
        job_id: string;
      };
      expect(await first.end('SIGTERM')).toBe(0);
      const url = await start('', settings()).ready();
      const text = await read<{ description: { context_tag: string } }>(
        `${url}/movies/night-train-1950?context_tag=noir`,
      );
      expect(text.description.context_tag).toBe('noir');
      expect((await film(url, 'never')).status).toBe(422);
      expect((await asked(url, { title: 'Night Train', tone: 'noir' })).status).toBe(422);
      const job = await eventually(async () => {
        const seen = await read<{ status: string; error: object }>(`${url}/jobs/${job_id}`);
        return seen.status === 'FAILED' && seen;
      });
      expect(job.error).toMatchObject({
        type: 'VALIDATION_ERROR',
        retryable: false,
        message: expect.stringContaining('has no tone \u201cnoir\u201d any more'),
      });
    }, 90_000);

    it('that are wrong stop the start with one line', async () => {
      writeFileSync(file, '["noir"]');
      const wrong: Record<string, string>[] = [{ TONES_FILE: file }, { LOCALES: 'pl-PL' }, { LOCALES: 'en-US,xx-XX' }];
      const programs = wrong.map((given) => new Program(given, entry('main')));
      expect(await Promise.all(programs.map(({ exited }) => exited))).toEqual([1, 1, 1]);
      expect(programs.map(({ output }) => lines(output))).toEqual([
        [expect.stringMatching(/start: TONES_FILE: tone 1 of .*tones\.json: "noir" is not built in/)],
        [expect.stringMatching(/start: LOCALES: must contain en-US/)],
        [expect.stringMatching(/start: LOCALES: takes locales of en-US, .*; xx-XX is none of them/)],
      ]);
    }, 30_000);
  });
});
