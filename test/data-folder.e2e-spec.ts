import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './support/run/eventually.js';
import { Program } from './support/server/process.js';

const MAIN = join(process.cwd(), 'dist/src/main.js');
/** What makes two processes strangers, as two containers are: neither sees the other's processes or shared memory. */
const OWN = ['--pid', '--ipc', '--fork', '--mount-proc'];
const ELSEWHERE = process.getuid!() === 0 ? OWN : ['--user', '--map-root-user', ...OWN];

/** The program in namespaces of its own. It is a child of a shell there, which outlives it. */
class Stranger {
  output = '';
  private readonly shell: ChildProcess;

  constructor(dataDir: string) {
    const { PATH, HOME } = process.env;
    const line = `"${process.execPath}" "${MAIN}"; echo "ended with $?"; sleep 120`;
    this.shell = spawn('unshare', [...ELSEWHERE, 'sh', '-c', line], {
      cwd: tmpdir(),
      env: { PATH, HOME, PORT: '0', MOCK_LATENCY_MS: '0', DATA_DIR: dataDir },
      detached: true,
    });
    for (const stream of [this.shell.stdout!, this.shell.stderr!])
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
  }

  tells(what: RegExp): Promise<RegExpExecArray> {
    return eventually(async () => what.exec(this.output), 60_000);
  }

  /** The program alone; its PostgreSQL goes on. */
  async kill(): Promise<void> {
    const [inside] = childrenOf(this.shell.pid!);
    process.kill(childrenOf(inside!)[0]!, 'SIGKILL');
    await this.tells(/ended with 137/);
  }

  /** Everything there. */
  async end(): Promise<void> {
    const [inside] = childrenOf(this.shell.pid!);
    if (inside) process.kill(inside, 'SIGKILL');
    await eventually(async () => this.shell.exitCode !== null || this.shell.signalCode !== null || null);
  }
}

const childrenOf = (pid: number) =>
  existsSync(`/proc/${pid}`)
    ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    : [];

describe('one data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-folder-'));
  const data = join(folder, 'data');
  const pidFile = join(data, 'postgres/postmaster.pid');
  let strangers: Stranger[] = [];

  const stranger = (path = data) => {
    const started = new Stranger(path);
    strangers.push(started);
    return started;
  };

  afterEach(async () => {
    await Promise.all(strangers.map((one) => one.end()));
    strangers = [];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused to a second program in one line, whatever the path is called and wherever that one runs', async () => {
    const first = new Program({ DATA_DIR: data });
    const url = await first.ready();
    const before = readFileSync(pidFile, 'utf8');
    symlinkSync(data, join(folder, 'alias'));

    const second = new Program({ DATA_DIR: join(folder, 'alias') });
    expect(await second.exited).toBe(1);
    expect(second.output.trim()).toMatch(
      /^MovieMind cannot start: MovieMind already runs in .*data: kill \d+ stops it/,
    );

    const third = stranger(join(folder, 'alias'));
    await third.tells(/ended with 1$/m);
    expect(third.output).toMatch(/^MovieMind cannot start: MovieMind already runs in .*set DATA_DIR.*\nended with 1$/m);

    expect(readFileSync(pidFile, 'utf8')).toBe(before);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await first.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('is refused while a PostgreSQL that nobody owns any more runs elsewhere, and is free once that has ended', async () => {
    const first = stranger();
    await first.tells(/is ready/);
    await first.kill();
    expect(existsSync(pidFile)).toBe(true);

    const second = new Program({ DATA_DIR: data });
    expect(await second.exited).toBe(1);
    expect(second.output.trim()).toMatch(
      /^MovieMind cannot start: A PostgreSQL of an earlier start still runs in .*another container.*$/,
    );
    expect(existsSync(pidFile)).toBe(true);

    await first.end();
    const third = new Program({ DATA_DIR: data });
    await third.ready();
    expect(await third.end('SIGTERM')).toBe(0);
  }, 120_000);

  it('goes to one of two first starts at a time, whole', async () => {
    const fresh = join(folder, 'fresh');
    const both = [new Program({ DATA_DIR: fresh }), new Program({ DATA_DIR: fresh })];
    const codes = await Promise.all(both.map((one) => Promise.race([one.exited, one.ready().then(() => 'ready')])));
    expect(codes.toSorted()).toEqual([1, 'ready']);
    const refused = both[codes.indexOf(1)]!;
    expect(refused.output.trim()).toMatch(/^MovieMind cannot start: MovieMind already runs in .*$/);
    expect(await both[codes.indexOf('ready')]!.end('SIGTERM')).toBe(0);
  }, 120_000);

  it.each([
    ['is empty', ''],
    ['is cut short', '17'],
    ['names a program of another kind', `${process.pid}\n/elsewhere\n`],
  ])('is used again where the postmaster.pid of a dead PostgreSQL %s', async (_, text) => {
    writeFileSync(pidFile, text);
    const program = new Program({ DATA_DIR: data });
    await program.ready();
    expect(await program.end('SIGTERM')).toBe(0);
  });

  it('gets its password in a first start after one that ran out of disk before it was written', async () => {
    const fresh = mkdtempSync(join(folder, 'half-'));
    writeFileSync(join(fresh, 'postgres.password'), '');
    const program = new Program({ DATA_DIR: fresh });
    await program.ready();
    expect(await program.end('SIGTERM')).toBe(0);
  }, 60_000);
});
