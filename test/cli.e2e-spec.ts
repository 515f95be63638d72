import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './support/process.js';
import { TestServer } from './support/server.js';
import { freePort } from './support/services.js';
import { StubModel } from './support/stub-model.js';

const CLI = join(process.cwd(), 'dist/src/cli.js');

interface Report {
  summary: { lines: number; done: number; failed: number; refused: number; tries: number };
  results: { line: number; status: string; slug: string | null; error: unknown }[];
}

describe('the commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-cli-'));
  let server: TestServer;
  let model: StubModel;

  beforeAll(async () => {
    model = await StubModel.start();
    server = await TestServer.start({ OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: model.url });
  });

  afterAll(async () => {
    await server.stop();
    await model.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (args: string[], settings: Record<string, string> = { MOVIEMIND_URL: server.url }) => {
    const program = new Program(settings, CLI, args);
    const code = await program.exited;
    return { code, output: program.output, stdout: program.stdout };
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
    ['a year that cannot be', ['generate', 'movie', 'X', '--year', '1700'], /\/release_year must be an integer 1888/],
    ['an unknown locale', ['generate', 'movie', 'X', '--locale', 'xx-XX'], /Allowed choices are en-US/],
    ['a file that is not there', ['generate', '--file', '/nowhere.csv'], /cannot read \/nowhere\.csv/],
    ['a file without a known header', ['generate', '--file', 'package.json'], /needs the header|cannot read/],
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

  it('wants a key where the server does', async () => {
    const guarded = await TestServer.start({ AUTH_REQUIRED: 'true', ADMIN_TOKEN: 'a-long-enough-admin-token' });
    try {
      const refused = await run(['generate', 'movie', 'X'], { MOVIEMIND_URL: guarded.url });
      expect([refused.code, refused.output.trim().split('\n').length]).toEqual([2, 1]);
      const token = ['--token', 'a-long-enough-admin-token'];
      expect((await run([...token, 'generate', 'movie', 'X', '--wait'], { MOVIEMIND_URL: guarded.url })).code).toBe(0);
    } finally {
      await guarded.stop();
    }
  });

  it('starts a server of its own where none runs, and leaves nothing behind', async () => {
    const settings = { DATA_DIR: join(folder, 'data'), PORT: String(await freePort()) };
    const { code, output } = await run(['generate', 'movie', 'Heat', '--year', '1995'], settings);
    expect(code).toBe(0);
    expect(output).toContain('[Mock text, DEFAULT]');
    const again = await run(['generate', 'movie', 'Heat', '--year', '1995', '--reuse', '--json'], settings);
    expect(JSON.parse(again.stdout)).toMatchObject({ result: { description: { version: 1 } } });
  }, 90_000);
});
