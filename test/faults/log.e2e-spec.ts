import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/machines/services.js';
import { cloneDatabase, eventually } from '../support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
/** Half a minute is the operator's patience; what is tested takes none. */
const STOPS_WITHIN_MS = 30_000;

describe('a log that cannot be written', () => {
  let database: Awaited<ReturnType<typeof cloneDatabase>>;
  let child: ChildProcess;
  let url: string;
  let batches = 0;

  beforeAll(async () => {
    database = await cloneDatabase();
  });

  afterEach(() => void child.kill('SIGKILL'));

  afterAll(() => database.drop());

  const answers = async (path: string) => {
    const signal = AbortSignal.timeout(5000);
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${TOKEN}` }, signal });
    return response.ok ? response.text() : null;
  };

  const start = async (stdout: number | 'pipe') => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { PATH, HOME } = process.env;
    const settings = { DATABASE_URL: database.url, QUEUE_CONNECTION: 'database', ADMIN_TOKEN: TOKEN, PORT: `${port}` };
    child = spawn(process.execPath, [join(process.cwd(), 'dist/src/main.js')], {
      env: { PATH, HOME, ROLE: 'api', HOST: '127.0.0.1', LOG_LEVEL: 'debug', ...settings },
      stdio: ['ignore', stdout, 'ignore'],
    });
    await eventually(async () => await answers('/health/ready').catch(() => null), 60_000);
  };

  /** Accepts jobs, each of which is a line in the log. */
  const fill = async (count: number) => {
    for (let n = 0; n < count; n++) {
      batches++;
      const items = Array.from({ length: 500 }, (_, item) => ({ title: `Logged ${batches} ${item}` }));
      const response = await fetch(`${url}/movies/generate/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ items }),
        signal: AbortSignal.timeout(20_000),
      });
      expect(response.status).toBe(202);
    }
  };
  const dropped = async () =>
    Number(/^moviemind_log_lines_dropped_total (\d+)/m.exec((await answers('/metrics')) ?? '')?.[1] ?? 0);
  const stops = async () => {
    const exited = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    // The longest that it may take.
    const late = new Promise((done) => setTimeout(done, STOPS_WITHIN_MS, 'still runs').unref());
    expect(await Promise.race([exited, late])).toBe(0);
  };

  it('because the disk is full stops neither the service nor its end', async () => {
    const full = openSync('/dev/full', 'w');
    await start(full);
    closeSync(full);
    await fill(1);
    await eventually(async () => (await dropped()) >= 500);
    expect(await answers('/health/ready')).not.toBeNull();
    await stops();
  }, 120_000);

  it('because its reader stands still stops neither, and says how much is missing when it is read again', async () => {
    await start('pipe');
    await fill(5);
    await eventually(async () => (await dropped()) > 0);
    let read = '';
    child.stdout!.on('data', (text: Buffer) => (read += text.toString()));
    const [, count] = await eventually(async () => /"log lines were dropped[^}]*"count":(\d+)}\n/.exec(read));
    expect(Number(count)).toBeGreaterThan(0);
    for (const line of read.split('\n').filter((text) => text.startsWith('{'))) JSON.parse(line);
    child.stdout!.pause();
    await fill(5);
    await eventually(async () => (await dropped()) > Number(count));
    await stops();
  }, 120_000);

  it('because its reader is gone stops neither', async () => {
    await start('pipe');
    child.stdout!.destroy();
    await fill(1);
    await eventually(async () => (await dropped()) >= 500);
    await stops();
  }, 120_000);
});
