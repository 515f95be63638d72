import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeServer } from './support/server/describe-server.js';
import { Clone } from './support/server/clone.js';
import { eventually } from './support/server/server.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const NODE = process.execPath;
const ENTRIES = ['main', 'cli', 'migrate', 'describe'].map((entry) => `dist/src/${entry}.js`);
const LAUNCHERS = ['bin/start.js', 'bin/moviemind.js'];
const lines = (text: string) => text.trim().split('\n');

const build = [NODE, 'bin/build.js'];
const changed = (text: string) => `${text}\ndocument.title = 'Changed';\n`;
const scripts = (folder: string) => readdirSync(join(folder, 'dist/web/assets')).filter((name) => name.endsWith('.js'));
const index = (folder: string) => readFileSync(join(folder, 'dist/web/index.html'), 'utf8');

const clones: Clone[] = [];
const clone = (...missing: string[]) => {
  const made = new Clone(missing);
  clones.push(made);
  return made;
};

afterAll(() => clones.forEach((made) => made.remove()));

describeServer('npx moviemind', {}, ({ server }) => {
  const submit = ['npx', 'moviemind', 'generate', 'movie', 'Launched', '--json'];

  it('builds once, the page when it is asked to, and prints nothing but JSON on stdout', async () => {
    const here = clone().withPage();
    const settings = { MOVIEMIND_URL: server.url };
    const first = await here.run(submit, settings);
    expect(first.stderr).toMatch(/^Built MovieMind in [\d.]+ s\n$/);
    expect(JSON.parse(first.stdout)).toMatchObject({ requested_slug: 'launched' });
    const second = await here.run(submit, settings);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(join(here.folder, 'dist/.compiled'))).toHaveLength(1);
    expect((await here.run(build)).stderr).toMatch(/^Built the page in [\d.]+ s\n$/);
    const [before] = scripts(here.folder);
    here.write('web/src/main.tsx', changed);
    expect((await here.run(build)).stderr).toMatch(/^Built the page in [\d.]+ s\n$/);
    // Of the former page too: somebody may have it open.
    expect(scripts(here.folder)).toContain(before);
    expect(scripts(here.folder).length).toBeGreaterThan(1);
    expect(index(here.folder)).not.toContain(before);
    here.write('src/cli/options.ts', (text) => `${text}\n// changed\n`);
    expect((await here.run(submit, settings)).stderr).toMatch(/^Built MovieMind in [\d.]+ s\n$/);
    expect((await here.run(submit, settings)).stderr).toBe('');
  }, 150_000);

  it('tells its version and how it is used without building or starting anything', async () => {
    const here = clone();
    for (const command of [
      ['npx', 'moviemind'],
      [NODE, 'bin/start.js'],
    ]) {
      expect(await here.run([...command, '--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
      const help = await here.run([...command, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toMatch(/not built yet.*npm run build/);
    }
    expect(existsSync(join(here.folder, 'dist'))).toBe(false);
    here.withDist();
    for (const entry of ENTRIES) {
      expect(await here.run([NODE, entry, '--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
      const help = await here.run([NODE, entry, '--help']);
      expect(help).toMatchObject({ code: 0, stderr: '' });
      expect(help.stdout).toMatch(/moviemind|npm|DATABASE_URL/);
    }
  }, 150_000);
});

describe('without development dependencies', () => {
  it('runs what was built, and says when the sources are newer', async () => {
    const here = clone('@swc', 'node').withDist();
    const asked = [NODE, 'bin/start.js', '--nonsense'];
    expect(lines((await here.run(asked)).stderr)).toEqual([expect.stringContaining('unknown argument --nonsense')]);
    here.write('src/main.ts', (text) => `${text}\n// changed\n`);
    const { stderr } = await here.run(asked);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(/built from other sources.*npm run build/),
      expect.stringContaining('unknown argument --nonsense'),
    ]);
  }, 30_000);

  it('says in one line how to build what is not built, and lets npm ci end well', async () => {
    const here = clone('@swc', 'node');
    for (const launcher of LAUNCHERS) {
      const { code, stdout, stderr } = await here.run([NODE, launcher, 'queues']);
      expect({ code, stdout }).toEqual({ code: launcher === LAUNCHERS[1] ? 2 : 1, stdout: '' });
      expect(lines(stderr)).toEqual([
        expect.stringMatching(/not built.*npm ci --include=dev --include=optional && npm run build/),
      ]);
    }
    expect(await here.run([NODE, 'bin/build.js'])).toMatchObject({ code: 1, stdout: '' });
    expect(await here.run([NODE, 'bin/build.js', '--if-possible'])).toMatchObject({ code: 0, stdout: '' });
  }, 30_000);
});

describe('the page', () => {
  it('is left as it is without Vite; one that cannot be built fails a build, but no start', async () => {
    const without = clone('vite').withPage().withDist();
    without.write('web/src/main.tsx', changed);
    expect(await without.run(build)).toEqual({ code: 0, stdout: '', stderr: '' });
    const broken = clone().withPage().withDist();
    const before = index(broken.folder);
    broken.write('web/src/main.tsx', (text) => `${text}\n<`);
    const told = expect.stringContaining('The page cannot be built');
    expect(await broken.run(build)).toEqual({ code: 1, stdout: '', stderr: told });
    const started = await broken.run([NODE, 'bin/start.js', '--nonsense']);
    expect(started.stderr).toMatch(/The page cannot be built[^]*unknown argument --nonsense/);
    expect(index(broken.folder)).toBe(before);
  }, 150_000);
});

describe('a copy without its hidden files', () => {
  it('runs what was built; what is not says what is missing', async () => {
    const built = clone('node').withDist();
    const bare = clone('node');
    for (const { folder } of [built, bare]) rmSync(join(folder, '.swcrc'));
    expect(lines((await built.run([NODE, 'bin/start.js', '--nonsense'])).stderr)).toEqual([
      expect.stringMatching(/built from other sources, which run now: its file \.swcrc is missing/),
      expect.stringContaining('unknown argument --nonsense'),
    ]);
    const { code, stderr } = await bare.run([NODE, 'bin/start.js']);
    expect([code, lines(stderr)]).toEqual([
      1,
      [expect.stringMatching(/is not built: its file \.swcrc is missing; copy the hidden files too/)],
    ]);
  }, 30_000);
});

describe('a Node that is too old', () => {
  it('is told in one line by every entry and every launcher', async () => {
    const here = clone('node').withDist().wantNewerNode();
    for (const entry of [...ENTRIES, ...LAUNCHERS]) {
      const { code, stdout, stderr } = await here.run([NODE, entry]);
      expect({ entry, code, stdout }).toEqual({ entry, code: /cli|moviemind/.test(entry) ? 2 : 1, stdout: '' });
      expect(lines(stderr)).toEqual([
        expect.stringMatching(/^MovieMind needs Node >= 999\.1, this is \d+\.\d+\.\d+: install Node .*npm ci/),
      ]);
    }
  }, 150_000);

  it('gives way to the one that npm installed, whose end it takes over', async () => {
    const here = clone('node').withDist().wantNewerNode();
    mkdirSync(join(here.folder, 'other'));
    const other = join(here.folder, 'other/node');
    writeFileSync(other, '#!/bin/sh\necho "told $2 $3"\nexit 7\n');
    chmodSync(other, 0o755);
    here.installNode(other);
    const ended = await here.run([NODE, 'bin/moviemind.js', 'job', 'x']);
    expect(ended).toEqual({ code: 7, stdout: 'told job x\n', stderr: '' });
    const { stderr } = await here.run([NODE, ENTRIES[0]!]);
    expect(lines(stderr)).toEqual([expect.stringContaining('use node_modules/.bin/node')]);
    here.installNode(NODE);
    expect(lines((await here.run([NODE, 'bin/start.js'])).stderr)).toHaveLength(1);
  }, 30_000);
});

describe('npm start', () => {
  it('starts after an installation without scripts, and ends with all it started when npm is told to', async () => {
    const here = clone().withDist().withPostgresAsPacked();
    const npm = here.start(['npm', 'start'], { DATA_DIR: join(here.folder, 'data') });
    let output = '';
    npm.stdout.on('data', (text: Buffer) => (output += text.toString()));
    const pid = Number((await eventually(async () => /kill (\d+) stops it/.exec(output), 60_000))[1]);
    const postgres = Number(readFileSync(join(here.folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    const ended = new Promise((done) => npm.once('exit', done));
    npm.kill('SIGTERM');
    const code = await ended;
    const left = [pid, postgres].filter((one) => existsSync(`/proc/${one}`));
    for (const one of left) process.kill(one, 'SIGTERM');
    expect({ code, left }).toEqual({ code: 0, left: [] });
  }, 90_000);

  it('is told how to give settings, instead of passing over arguments', async () => {
    const here = clone().withDist();
    const WRONG: [command: string[], line: RegExp][] = [
      [['bin/start.js', '--port', '21004'], /cannot start: unknown argument --port: .*PORT=… npm start \(--help\)/],
      [['dist/src/main.js', '--openai-api-key=hush'], /unknown argument --openai-api-key: .*OPENAI_API_KEY=… /],
      [['dist/src/main.js', 'x'], /cannot start: unknown argument x/],
      [['dist/src/migrate.js', '--dry-run'], /cannot migrate: unknown argument --dry-run/],
      [['dist/src/describe.js', '--json'], /cannot describe itself: unknown argument --json/],
      [['dist/src/describe.js', 'one', 'two'], /unknown argument two/],
    ];
    for (const [command, line] of WRONG) {
      const { code, stdout, stderr } = await here.run([NODE, ...command]);
      expect({ command, code, stdout }).toEqual({ command, code: 1, stdout: '' });
      expect(lines(stderr)).toEqual([expect.stringMatching(line)]);
      expect(stderr).not.toContain('hush');
    }
  }, 150_000);
});
