import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { FrontDoor } from './support/client/front-door.js';
import { makeKey } from './support/client/keys.js';
import { Program } from './support/server/process.js';
import { eventually } from './support/server/server.js';
import { quietPort } from './support/machines/services.js';

const CLI = join(process.cwd(), 'dist/src/cli.js');
const FILMS = join(process.cwd(), 'examples/films.csv');

interface Report {
  summary: Record<'lines' | 'done' | 'failed' | 'unfinished' | 'refused' | 'not_sent' | 'skipped', number>;
  results: { line: number; text: string; status: string; error: unknown }[];
  problem?: { detail: string };
}

const SETTINGS = { ...WITH_MODEL, AUTH_REQUIRED: 'true', WORKER_CONCURRENCY: '50' };

describeServer('a file from the command line', SETTINGS, ({ server, model }) => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-files-'));
  let door: FrontDoor;

  beforeAll(async () => {
    door = await FrontDoor.start(server.url);
  });

  afterAll(async () => {
    await door.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => door.reset());

  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const start = async (args: string[]) => {
    const { text } = await makeKey(server, 'generate');
    return new Program({ MOVIEMIND_URL: door.url, MOVIEMIND_TOKEN: text }, CLI, ['generate', ...args]);
  };
  const run = async (...args: string[]) => {
    const program = await start(args);
    const code = await program.exited;
    const { output, stdout, stderr } = program;
    return { code, output, stdout, stderr };
  };
  const report = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    return { code, stderr, ...(JSON.parse(stdout) as Report) };
  };
  const jobsOf = (slug: string) =>
    server.rows<{ locale: string; context_tag: string; entity: string; status: string; metadata: object | null }>(
      'SELECT locale, context_tag, entity, status, metadata FROM generation_jobs WHERE requested_slug = $1',
      [slug],
    );

  it('of 250 films goes out in one request under the limit of 60 a minute, and is followed by few', async () => {
    const { code, summary } = await report('--file', FILMS);
    expect([code, summary]).toEqual([0, expect.objectContaining({ lines: 250, done: 250, not_sent: 0 })]);
    expect(door.made('POST')).toBe(1);
    expect(door.made('GET')).toBeLessThan(150);
  }, 120_000);

  it('shows what holds up its jobs as that begins and until it ends, and so does a single one that is waited for', async () => {
    model.otherwise({ kind: 'status', status: 401 });
    const films = await start(['--file', file('held.csv', 'title,year\nHeld 1,2001\nHeld 2,2001\n')]);
    const single = await start(['movie', 'Held Alone', '--year', '2001', '--wait']);
    const isTold = ({ stderr }: Program) => stderr.includes('The model service answered 401.');
    await eventually(async () => isTold(films) && isTold(single), 20_000);
    model.otherwise({ kind: 'answer' });
    await server.rows('UPDATE model_breakers SET next_probe_at = now()');
    expect([await films.exited, await single.exited]).toEqual([0, 0]);
    expect(single.stderr.split('\n').at(-2)).toMatch(/^DONE \(try 1 of 3\)$/);
    const shown = films.stderr.slice(films.stderr.lastIndexOf('answered 401.'));
    expect(shown).toMatch(/2\/2/);
  }, 60_000);

  it('waits as long as the server asks, and says why and until when', async () => {
    const limited = { kind: 'answer', status: 429, headers: { 'retry-after': '6' }, detail: 'Not so fast.' } as const;
    door.reset(({ method, made }) => (method === 'POST' && made === 1 ? limited : null));
    const began = Date.now();
    const { code, stderr } = await run('--file', file('patient.csv', 'title,year\nPatient,2001\n'));
    expect([code, door.made('POST')]).toEqual([0, 2]);
    expect(Date.now() - began).toBeGreaterThan(6000);
    expect(stderr).toMatch(/0\/1 .*Not so fast, waiting until \d\d:\d\d:\d\d/);
  }, 60_000);

  it('is sent again when the answer was lost, and written once', async () => {
    door.reset(({ method, made }) => (method === 'POST' && made === 1 ? { kind: 'lose' } : null));
    const { code, summary } = await report('--file', file('lost.csv', 'title,year\nLost Answer,2001\n'));
    expect([code, summary.done, door.made('POST')]).toEqual([0, 1, 2]);
    expect(await jobsOf('lost-answer-2001')).toHaveLength(1);
    expect(model.callsFor('Lost Answer')).toHaveLength(1);
  }, 60_000);

  it.each([
    [401, /does not know this key: make one .*keys create.*--token/],
    [403, /does not let this key do that .*keys create/],
    [404, /^The front door says so\.$/],
  ])('ends at once on %i, with a summary of what was done until then', async (status, message) => {
    model.script(`Held ${status}`, { kind: 'hang' });
    door.reset(({ path }) => (path.startsWith('/batches/') ? { kind: 'answer', status } : null));
    const path = file('ends.csv', `title,year\nDone ${status},2001\nHeld ${status},2002\n`);
    const { code, summary, problem, stderr } = await report('--file', path);
    expect(code).toBe(2);
    expect(summary).toMatchObject({ lines: 2, not_sent: 0 });
    expect(summary.done + summary.unfinished).toBe(2);
    expect(problem!.detail).toBeTruthy();
    expect(/^moviemind: (.*)$/m.exec(stderr)![1]).toMatch(message);
  });

  it('tells a server in trouble from one that is not there, and --timeout ends both', async () => {
    const path = file('trouble.csv', 'title,year\nTrouble,2001\n');
    door.reset(() => ({ kind: 'answer', status: 502 }));
    const trouble = await run('--file', path, '--timeout', '3');
    expect([trouble.code, trouble.stderr]).toEqual([2, expect.stringMatching(/answers 502 \(The front door says so/)]);
    expect(trouble.stdout).toMatch(/not sent +│ 1/);
    const gone = new Program({ MOVIEMIND_URL: `http://127.0.0.1:${await quietPort()}` }, CLI, [
      'generate',
      '--file',
      path,
      '--timeout',
      '3',
    ]);
    expect([await gone.exited, gone.output]).toEqual([2, expect.stringMatching(/no answer from http.*refused/)]);
    door.reset(() => ({ kind: 'answer', status: 429, headers: { 'retry-after': '400' } }));
    const limited = await run('--file', path, '--timeout', '3');
    expect([limited.code, limited.stderr]).toEqual([1, expect.stringMatching(/takes 400 s, longer than --timeout/)]);
  }, 60_000);

  it('loses no line to a bad one, and names each bad line', async () => {
    const lines = ['title,year', 'Good One,2001', 'Short', '"Never closed,2002', 'Too Old,1700', 'No Year,soon'];
    const path = file('bad-lines.csv', [...lines, 'One, Too Many,2003', ',2004', 'Good Two,2005'].join('\n'));
    const { code, summary, results } = await report('--file', path);
    expect([code, door.made('POST')]).toEqual([1, 1]);
    expect(summary).toMatchObject({ lines: 8, done: 2, refused: 1, not_sent: 5 });
    expect(results.map(({ line, status, error }) => [line, status, error])).toEqual([
      [2, 'DONE', null],
      [3, 'NOT_SENT', 'has 1 column, the header 2: an empty one needs its delimiter too'],
      [4, 'NOT_SENT', 'has a quote that is not closed'],
      [5, 'REFUSED', expect.stringMatching(/^\/release_year must be an integer 1888/)],
      [6, 'NOT_SENT', '"soon" is no year'],
      [7, 'NOT_SENT', expect.stringMatching(/has 3 columns, the header 2: .*belongs in quotes/)],
      [8, 'NOT_SENT', 'has no title'],
      [9, 'DONE', null],
    ]);
  }, 60_000);

  it('leaves out of a batch what only the server finds wrong', async () => {
    const wrong = { pointer: '/items/1/title', detail: 'is not to my taste' };
    door.reset(({ method, made }) => (method === 'POST' && made === 1 ? { kind: 'answer', status: 422 } : null));
    const refused = await report('--file', file('whole.csv', 'title,year\nWhole Refused,2001\n'));
    expect([refused.code, refused.summary.not_sent]).toEqual([2, 1]);
    door.reset(({ method, made }) =>
      method === 'POST' && made === 1 ? { kind: 'answer', status: 422, errors: [wrong] } : null,
    );
    const { code, results } = await report('--file', file('taste.csv', 'title\nFine\nTasteless\nFine Too\n'));
    expect(code).toBe(1);
    expect(results.map(({ status, error }) => [status, error])).toEqual([
      ['DONE', null],
      ['REFUSED', '/title is not to my taste'],
      ['DONE', null],
    ]);
  }, 60_000);

  it('says of each line its language, manner and notes, and takes those of the command for the rest', async () => {
    const path = file(
      'locale.csv',
      '\ufeffTitle;Year;Locale;Context_Tag;Language;metadata.order\r\n' +
        'Spoken;2001;pl-PL;humorous;pl;42\r\nSpoken;2001;;;;\r\n',
    );
    expect(
      await report('--file', path, '--locale', 'de-DE', '--metadata', 'order=1', '--metadata', 'of=a=b'),
    ).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(
        'the column Language cannot be used; title, year, ids, locale, context_tag and metadata.… are\n',
      ),
    });
    const jobs = await jobsOf('spoken-2001');
    const said = jobs.map(({ locale, context_tag, metadata }) => [
      `${locale} ${context_tag}`,
      ...Object.values(metadata ?? {}),
    ]);
    expect(said.sort()).toEqual([
      ['de-DE DEFAULT', { order: '1', of: 'a=b' }],
      ['pl-PL humorous', { order: '42', of: 'a=b' }],
    ]);
  }, 60_000);

  it('of IMDb is understood, in UTF-16 too: other Title Types are passed over, ids are kept', async () => {
    const imdb =
      'Position,Const,Title,Original Title,Title Type,Year\n1,tt1990001,Exported,Original,Movie,1995\n2,tt1990002,A Series,,TV Series,1996\n';
    const path = file('imdb.csv', Buffer.from(`\ufeff${imdb}`, 'utf16le'));
    const { code, summary } = await report('--file', path);
    expect([code, summary]).toEqual([0, expect.objectContaining({ lines: 1, done: 1, skipped: 1 })]);
    const film = await server.get('/movies/imdb:tt1990001');
    expect(film.body).toMatchObject({ slug: 'exported-1995', external_ids: { imdb: 'tt1990001' } });
  }, 60_000);

  it('with a column name is of films or people as its columns or the command say', async () => {
    const kaggle = 'name,rating,genre,year,released,director\nKaggled,R,Action,1995,"December 15, 1995",Someone\n';
    expect((await report('--file', file('kaggle.csv', kaggle))).code).toBe(0);
    expect((await jobsOf('kaggled-1995'))[0]!.entity).toBe('MOVIE');
    const names = file('names.csv', 'name,year\nSomebody,1950\n');
    expect((await run('--file', names)).stderr).toMatch(/films or people: say which, generate movie --file/);
    expect((await report('person', '--file', names)).code).toBe(0);
    expect((await jobsOf('somebody-1950'))[0]!.entity).toBe('PERSON');
  }, 60_000);

  it('is summed up when Ctrl-C ends it', async () => {
    model.script('Endless', { kind: 'hang' });
    const program = await start(['--file', file('endless.csv', 'title,year\nQuick,2001\nEndless,2002\n')]);
    await eventually(async () => model.callsFor('Endless').length > 0, 30_000);
    await eventually(async () => (await jobsOf('quick-2001'))[0]?.status === 'DONE', 30_000);
    const before = door.made('GET');
    await eventually(async () => door.made('GET') > before + 1, 30_000);
    expect(await program.end('SIGINT')).toBe(130);
    expect(program.stdout).toMatch(/lines +│ 2 [\s\S]*unfinished +│ 1 /);
    expect(program.stdout).toMatch(/Jobs not finished: 1\. Of the first: it goes on: npx moviemind job /);
  }, 60_000);

  const WRONG: [name: string, args: string[], line: RegExp][] = [
    ['a title beside it', ['--file', FILMS, 'movie', 'Heat'], /leave out "Heat"$/m],
    [
      'options of one film',
      ['--file', 'x.csv', '--year', '1', '--slug', 'a-b', '--wait'],
      /leave out --year, --slug, --wait$/m,
    ],
    [
      'another encoding',
      ['--file', 'LATIN1'],
      /neither UTF-8 nor UTF-16, see line 3 \(Amélie,2001\): save it as UTF-8$/m,
    ],
    ['a kind its columns deny', ['person', '--file', FILMS], /has the columns of films: write generate movie/],
    [
      'a file without a header',
      ['--file', join(process.cwd(), 'package.json')],
      /needs the header title,year or name,birth_year/,
    ],
    ['a header alone', ['--file', 'HEADER'], /has no lines after its header$/m],
  ];

  it.each(WRONG)('refuses %s with one line and sends nothing', async (_, args, line) => {
    const made: Record<string, string> = {
      LATIN1: file('latin1.csv', Buffer.from('title,year\nHeat,1995\nAmélie,2001\n', 'latin1')),
      HEADER: file('header.csv', 'title,year\n'),
    };
    const { code, output } = await run(...args.map((arg) => made[arg] ?? arg));
    expect([code, output.trim().split('\n')]).toEqual([2, [expect.stringMatching(line)]]);
    expect(door.requests).toEqual([]);
  });
});
