import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { makeKey } from './support/client/keys.js';
import { Program } from './support/server/process.js';
import { SELF_SIGNED } from './support/machines/self-signed.js';
import { eventually, TestServer } from './support/server/server.js';
import { quietPort } from './support/machines/services.js';

const CLI = join(process.cwd(), 'dist/src/cli.js');

/** What moves a cursor, or colours. */
const CONTROL = new RegExp(`${String.fromCharCode(27)}|\\r`);

interface Report {
  summary: { lines: number; done: number; failed: number; refused: number; tries: number };
  results: { line: number; status: string; slug: string | null; error: unknown }[];
}

describeServer('the commands', WITH_MODEL, ({ server, model }) => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-cli-'));

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (args: string[], settings: Record<string, string> = { MOVIEMIND_URL: server.url }) => {
    const program = new Program(settings, CLI, args);
    const code = await program.exited;
    return { code, output: program.output, stdout: program.stdout, stderr: program.stderr };
  };
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it('writes one film and shows it', async () => {
    const { code, output } = await run(['generate', 'movie', 'Heat', '--year', '1995', '--wait']);
    expect(code).toBe(0);
    expect(output).toContain('An original description of Heat.');
    expect(output).toContain(`${server.url}/movies/heat-1995?locale=en-US&context_tag=DEFAULT`);
    const german = await run(['generate', 'movie', 'Heat', '--year', '1995', '--locale', 'de-DE', '--wait', '--json']);
    const { job, result } = JSON.parse(german.stdout) as { job: object; result: object };
    expect(job).toMatchObject({ links: { result: '/movies/heat-1995?locale=de-DE&context_tag=DEFAULT' } });
    expect(result).toMatchObject({ description: { locale: 'de-DE', version: 1 } });
  });

  it('answers as JSON, and says by its exit code that nothing was written', async () => {
    model.script('Unknown Person', { kind: 'answer', output: { found: false } });
    const { code, stdout } = await run(['generate', 'person', 'Unknown Person', '--wait', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ job: { status: 'FAILED', error: { type: 'NOT_FOUND' } }, result: null });
  });

  it('says which ones a name may mean, and writes the one that is asked for as it says', async () => {
    const namesakes = [{ title: 'Dune', release_year: 1984 }];
    model.script('Dune', { kind: 'answer', output: { release_year: 2021, namesakes } });
    const { code, stdout } = await run(['generate', 'movie', 'Dune', '--wait']);
    expect(code).toBe(1);
    expect(stdout).toContain('FAILED: AMBIGUOUS: That may be Dune (2021), Dune (1984): ask for one of them.');
    expect(stdout).toContain('  dune-2021  Dune (2021)\n  dune-1984  Dune (1984)\n');
    const [, again] = /npx moviemind (generate .+)/.exec(stdout)!;
    const chosen = await run(again!.split(' '));
    expect([chosen.code, chosen.output]).toEqual([0, expect.stringContaining('/movies/dune-2021?locale=en-US')]);
  });

  it('submits without waiting, and shows the job later', async () => {
    const { code, stdout } = await run(['generate', 'movie', 'Later', '--year', '2000', '--json']);
    expect(code).toBe(0);
    const { job_id } = JSON.parse(stdout) as { job_id: string };
    const shown = await run(['job', job_id, '--wait']);
    expect(shown.code).toBe(0);
    expect(shown.output).toContain('An original description of Later.');
  });

  it('generates a file with progress, a summary, and the reason of every line that failed', async () => {
    model.script('No Such Film', { kind: 'answer', output: { found: false } });
    const path = file('mixed.csv', 'title,year\nFirst,2001\n"Comma, The Film",2002\nNo Such Film,2003\nToo Old,1700\n');
    const text = await run(['generate', '--file', path]);
    expect(text.code).toBe(1);
    expect(text.output).toMatch(/4\/4 {2}2 done, 2 not/);
    expect(text.output).toContain('line 4, No Such Film: FAILED NOT_FOUND');
    expect(text.output).toMatch(/line 5, Too Old: \/release_year must be an integer/);
    const { stdout } = await run(['generate', '--file', path, '--reuse', '--json']);
    const { summary, results } = JSON.parse(stdout) as Report;
    expect(summary).toMatchObject({ lines: 4, refused: 1 });
    expect(results.map(({ line, status }) => [line, status])).toContainEqual([3, 'DONE']);
  });

  it('generates people from a file with their header', async () => {
    const path = file('people.csv', '\ufeffname,birth_year\r\nGreta Example,1950\r\n黒澤明,1910\r\n');
    const { code, stdout } = await run(['generate', '--file', path, '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).summary).toMatchObject({ lines: 2, done: 2, tries: 2 });
  });

  const WRONG: [name: string, args: string[], line: RegExp][] = [
    ['nothing to generate', ['generate'], /say what to generate/],
    ['an unknown kind', ['generate', 'song', 'X'], /kind is movie or person, not "song"/],
    ['a year that is no number', ['generate', 'movie', 'X', '--year', 'abc'], /takes a whole number/],
    ['no version of prompts', ['review', '--prompt', 'zz'], /takes v and a number, such as v1/],
    ['a year that cannot be', ['generate', 'movie', 'X', '--year', '1700'], /\/release_year must be an integer 1888/],
    ['an unknown locale', ['generate', 'movie', 'X', '--locale', 'xx-XX'], /\/locale must be one of en-US/],
    ['a file that is not there', ['generate', '--file', '/nowhere.csv'], /cannot read \/nowhere\.csv/],
    ['a file without a known header', ['generate', '--file', join(process.cwd(), 'package.json')], /needs the header/],
    ['an unknown job', ['job', '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b'], /no job with this id/],
    ['an unknown command', ['frobnicate'], /unknown command/],
  ];

  it.each(WRONG)('refuses %s with exit code 2 and one clear line', async (_, args, line) => {
    const { code, output } = await run(args);
    expect(code).toBe(2);
    expect(output).toMatch(line);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('explains itself', async () => {
    const { code, output } = await run(['generate', '--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/--year[\s\S]*--file[\s\S]*--json[\s\S]*Examples:/);
  });

  it('says when its output cannot be written, and nothing when whoever reads it has seen enough', () => {
    const shell = (line: string) => {
      const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, CLI], { encoding: 'utf8' });
      return [stdout, stderr];
    };
    const full = shell('"$0" "$1" generate --help > /dev/full; echo $?');
    expect(full).toEqual(['2\n', 'moviemind: the output cannot be written (ENOSPC)\n']);
    expect(shell('"$0" "$1" generate --help | head -1')).toEqual([expect.stringMatching(/^Usage: .*\n$/), '']);
  }, 30_000);

  it.each([
    [['generate', 'movie', 'X', '--year', '1700', '--json'], { status: 422, errors: [expect.anything()] }],
    [['job', '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b', '--json'], { status: 404 }],
    [['queues', '--json'], { status: 401 }],
    [['doctor', '--json'], { status: 401 }],
    [['keys', 'revoke', 'x', '--json'], { detail: expect.stringMatching(/no id of a key/) }],
    [['generate', '--file', '/nowhere.csv', '--json'], { detail: expect.stringMatching(/cannot read/) }],
    [['generate', 'movie', 'X', '--frob', '--json'], { detail: expect.stringMatching(/unknown option/) }],
  ])('with --json says on stdout what is wrong, and nothing else: %j', async (args, problem) => {
    const { code, stdout } = await run(args);
    expect([code, JSON.parse(stdout)]).toEqual([2, { problem: expect.objectContaining(problem) }]);
  });

  it('refuses at once an address that cannot be right, and says what to do', async () => {
    const secured = createServer(SELF_SIGNED).listen(0, '127.0.0.1');
    await new Promise((listening) => secured.once('listening', listening));
    const tls = `localhost:${(secured.address() as AddressInfo).port}`;
    const plain = new URL(server.url).host;
    const wrong: [url: string, line: RegExp][] = [
      [plain, new RegExp(`--url takes a URL with http://.*: write http://${plain}$`)],
      ['ftp://x', /--url takes a URL http:\/\/… or https:\/\/…, not ftp:/],
      ['http://me:hush@127.0.0.1', /--url takes no user and password: .*--token/],
      [`${server.url}?x`, /without \? and #/],
      [`https://${plain}`, new RegExp(`no TLS is spoken there; write http://${plain}$`)],
      [`https://${tls}`, /certificate is not trusted \(self-signed certificate\); .*NODE_EXTRA_CA_CERTS/],
      [`http://${tls}`, new RegExp(`it speaks TLS: write https://${tls}$`)],
      ['http://nowhere.invalid', /there is no host nowhere\.invalid; check the name/],
    ];
    try {
      const told = await Promise.all(wrong.map(([url]) => run(['--url', url, 'doctor'])));
      told.forEach(({ code, output }, n) => {
        expect([code, output.trim()]).toEqual([2, expect.stringMatching(wrong[n]![1])]);
        expect(output).not.toMatch(/hush|\n./);
      });
    } finally {
      secured.close();
    }
  }, 60_000);

  it('says that there is no answer yet, and how long it tries', async () => {
    const program = new Program({ MOVIEMIND_URL: `http://127.0.0.1:${await quietPort()}` }, CLI, ['doctor']);
    await eventually(async () =>
      /no answer from http.* yet \(connection refused\), trying until \d/.test(program.stderr),
    );
    expect(await program.end('SIGINT')).toBe(130);
    expect(program.stdout).toBe('');
  });

  it('tells that npm has taken its options', async () => {
    const npm = { MOVIEMIND_URL: server.url, npm_lifecycle_event: 'cli', npm_config_year: 'true' };
    const { code, output } = await run(['generate', 'movie', 'Eaten', '1995'], npm);
    expect([code, output]).toEqual([2, expect.stringMatching(/npm has taken --year for itself: write npx moviemind/)]);
  });

  it('keeps colours and cursor movements out of a pipe', async () => {
    const path = file('plain.csv', 'title,year\nPlain,2001\n');
    for (const args of [
      ['generate', '--file', path],
      ['generate', 'movie', 'Plain', '--wait'],
    ]) {
      expect((await run(args)).output).not.toMatch(CONTROL);
    }
    await makeKey(server, 'read');
    const { code, output } = await run(['keys', 'list'], {
      DATABASE_URL: server.config.databaseUrl!,
      FORCE_COLOR: '1',
    });
    expect([code, output]).toEqual([0, expect.stringMatching(/test.*read.*valid/)]);
    expect(output).not.toMatch(CONTROL);
    expect(Math.max(...output.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('wants a key where the server does, and says how to make and pass one', async () => {
    const guarded = await TestServer.start({ AUTH_REQUIRED: 'true', ADMIN_TOKEN: 'a-long-enough-admin-token' });
    try {
      const refused = await run(['generate', 'movie', 'X'], { MOVIEMIND_URL: guarded.url });
      expect([refused.code, refused.output.trim().split('\n').length]).toEqual([2, 1]);
      expect(refused.output).toMatch(
        /wants a key: .*npx moviemind keys create .*--scope generate.*--token or MOVIEMIND/,
      );
      expect((await run(['queues'], { MOVIEMIND_URL: guarded.url })).output).toMatch(/keys create .*--scope admin/);
      const token = ['--token', 'a-long-enough-admin-token'];
      expect((await run([...token, 'generate', 'movie', 'X', '--wait'], { MOVIEMIND_URL: guarded.url })).code).toBe(0);
      const used = await run([...token, 'usage', '--by', 'model', '--json'], { MOVIEMIND_URL: guarded.url });
      expect(JSON.parse(used.stdout)).toMatchObject({ by: 'model', total: { calls: 1 }, results: [{ model: 'mock' }] });
      const drawn = await run([...token, 'usage'], { MOVIEMIND_URL: guarded.url });
      expect([drawn.code, drawn.stdout]).toEqual([
        0,
        expect.stringMatching(/day .*calls.*tokens in.*tokens out.*cost/),
      ]);
      const wrong = await run([...token, 'usage', '--from', 'May'], { MOVIEMIND_URL: guarded.url });
      expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('must be a day like 2026-11-23')]);
      const table = await run([...token, 'queues'], { MOVIEMIND_URL: guarded.url });
      expect(Math.max(...table.stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    } finally {
      await guarded.stop();
    }
  });

  it.each([['doctor'], ['queues'], ['job', 'x'], ['generate', 'movie', 'X']])(
    'starts and migrates nothing for %s on a database that is not its own',
    async (...args) => {
      const empty = new URL(server.config.databaseUrl!);
      empty.pathname = '/postgres';
      const port = await quietPort();
      const { code, output } = await run(args, { DATABASE_URL: empty.href, PORT: String(port) });
      expect([code, output.trim().split('\n')]).toEqual([
        2,
        [expect.stringMatching(new RegExp(`no server answers at http://127.0.0.1:${port}, .*--url or MOVIEMIND_URL`))],
      ]);
      const { output: listed } = await run(['keys', 'list'], { DATABASE_URL: empty.href });
      expect(listed).toMatch(/the database is not migrated/);
    },
  );

  it('starts a server of its own where none runs, and leaves nothing behind, nor an address of it', async () => {
    const settings = { DATA_DIR: join(folder, 'data'), PORT: String(await quietPort()), LOG_LEVEL: 'debug' };
    const { code, output } = await run(['generate', 'movie', 'Heat', '--year', '1995'], settings);
    expect(code).toBe(0);
    expect(output).toContain('[Mock text, DEFAULT]');
    expect(output).toMatch(/to see it again: npx moviemind job .*GET \/movies\/heat-1995/);
    const again = await run(['generate', 'movie', 'Heat', '--year', '1995', '--reuse', '--json'], settings);
    expect(JSON.parse(again.stdout)).toMatchObject({ result: { description: { version: 1 } } });
    expect(existsSync(join(folder, 'data/server.json'))).toBe(false);
  }, 90_000);

  it('finds the server of its folder on whatever port, and needs no key for it', async () => {
    const data = join(folder, 'data');
    const elsewhere = { DATA_DIR: data, PORT: String(await quietPort()) };
    const resident = new Program({ DATA_DIR: data, AUTH_REQUIRED: 'true', HOST: '127.0.0.1', PORT: '0' });
    try {
      const url = await resident.ready();
      const { token, ...rest } = JSON.parse(readFileSync(join(data, 'server.json'), 'utf8')) as Record<string, string>;
      expect([rest.url, statSync(join(data, 'server.json')).mode & 0o777]).toEqual([url, 0o600]);
      for (const args of [['queues'], ['doctor'], ['generate', 'movie', 'Heat', '--year', '1995', '--wait']]) {
        const { code, output } = await run(args, elsewhere);
        expect([code, output]).toEqual([0, expect.not.stringContaining('No server is running')]);
        expect(output).not.toContain(token);
      }
      expect((await run(['queues'], { ...elsewhere, MOVIEMIND_URL: url })).code).toBe(0);
      expect((await run(['--token', `x${token}`, 'queues'], elsewhere)).output).toMatch(/does not know this key/);
      expect((await run(['queues'], { MOVIEMIND_URL: url, DATA_DIR: join(folder, 'other') })).output).toMatch(
        /wants a key/,
      );
      expect(resident.output).not.toContain(token);
    } finally {
      await resident.end('SIGTERM');
    }
    expect(existsSync(join(data, 'server.json'))).toBe(false);
  }, 120_000);

  it('is not misled by what a killed server has left', async () => {
    const data = join(folder, 'data');
    const killed = new Program({ DATA_DIR: data, PORT: '0' });
    await killed.ready();
    await killed.end('SIGKILL');
    expect(existsSync(join(data, 'server.json'))).toBe(true);
    const { code, output } = await run(['doctor'], { DATA_DIR: data, PORT: String(await quietPort()) });
    expect([code, output]).toEqual([0, expect.stringMatching(/No server is running[\s\S]*fine: PostgreSQL/)]);
  }, 120_000);

  it('waits for a server that is just starting in its folder', async () => {
    const data = join(folder, 'data');
    const starting = new Program({ DATA_DIR: data, PORT: '0' });
    try {
      await eventually(async () => existsSync(join(data, 'postgres/postmaster.pid')), 30_000);
      const { code, output } = await run(['queues'], { DATA_DIR: data, PORT: String(await quietPort()) });
      expect([code, output]).toEqual([0, expect.not.stringMatching(/to see it again|already runs/)]);
    } finally {
      await starting.ready();
      await starting.end('SIGTERM');
    }
  }, 120_000);
});
