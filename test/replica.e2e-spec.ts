import { SystemPostgres } from './support/machines/system-postgres.js';
import { Program } from './support/server/process.js';
import { eventually } from './support/server/server.js';

type Json = Record<string, unknown>;
const ADMIN_TOKEN = 'admin-0123456789abcdef';

describe('a replica for reads', () => {
  let primary: SystemPostgres;
  let standby: SystemPostgres;
  let program: Program;
  let url: string;

  const settings = () => ({
    DATABASE_URL: primary.url,
    DATABASE_READ_URL: standby.url,
    QUEUE_CONNECTION: 'database',
    AUTH_REQUIRED: 'false',
    ADMIN_TOKEN,
  });
  beforeAll(async () => {
    primary = await SystemPostgres.start();
    standby = await primary.standby();
    program = new Program(settings());
    url = await program.ready();
  }, 180_000);

  afterAll(async () => {
    await program.end('SIGTERM');
    await standby.remove();
    await primary.remove();
  }, 60_000);

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };
  const json = async (path: string, headers?: Record<string, string>) =>
    JSON.parse((await get(path, headers)).text) as Json;
  const findings = async () => {
    const { findings: all } = await json('/health/detail', { authorization: `Bearer ${ADMIN_TOKEN}` });
    return (all as { code: string; message: string }[]).filter(({ code }) => code.startsWith('replica_'));
  };
  const readsOf = async (server: string) => {
    const { text } = await get('/metrics', { authorization: `Bearer ${ADMIN_TOKEN}` });
    return Number(new RegExp(`^moviemind_catalog_reads_total\\{server="${server}"\\} (\\d+)`, 'm').exec(text)?.[1]);
  };
  const fit = () => eventually(async () => (await findings()).length === 0);
  const generated = async (title: string) => {
    const body = JSON.stringify({ title, release_year: 2000 });
    const headers = { 'content-type': 'application/json' };
    const accepted = await fetch(`${url}/movies/generate`, { method: 'POST', headers, body });
    const { links } = (await accepted.json()) as { links: { self: string } };
    const done = await json(links.self, { prefer: 'wait=20' });
    expect(done.status).toBe('DONE');
    return done as { result: Json; links: { result: string } };
  };
  /** Whoever was told that a job is done finds all of it, one by one and in the lists. */
  const isThere = async ({ result, links }: Awaited<ReturnType<typeof generated>>, q: string) => {
    const film = await json(links.result);
    expect(film).toMatchObject({ id: result.id, description: { id: result.description_id, version: result.version } });
    expect((await json(`/movies?q=${q}`)).total_results).toBe(1);
  };
  const delayed = async (delay: string) => {
    await standby.asked(`ALTER SYSTEM SET recovery_min_apply_delay = '${delay}'`);
    await standby.asked('SELECT pg_reload_conf()');
  };

  it('answers reads, and each has what was committed before it, however far the replica was behind', async () => {
    await fit();
    for (const [delay, server] of [
      ['0', 'replica'],
      ['40ms', 'replica'],
      ['300ms', 'primary'],
    ] as const) {
      await delayed(delay);
      await fit();
      const before = await readsOf(server);
      for (let n = 0; n < 4; n++) {
        const word = `zq${delay}${'abcd'[n]}x`;
        await isThere(await generated(word), word);
        // A new version of what is there already.
        const again = await generated(word);
        expect(again.result.version).toBe(2);
        await isThere(again, word);
      }
      expect(await readsOf(server)).toBeGreaterThan(before);
    }
    await delayed('0');
    const [films, lines] = [await json('/movies?per_page=1'), (await get('/export/movies')).text.trim().split('\n')];
    expect(films.total_results).toBe(12);
    expect(lines).toHaveLength(12);
  }, 180_000);

  it('is not asked while it is behind, away or promoted; a finding says so, and nobody else notices', async () => {
    await fit();
    await standby.asked('SELECT pg_wal_replay_pause()');
    await isThere(await generated('wpaused'), 'wpaused');
    await eventually(async () => (await findings())[0]?.code === 'replica_behind');
    expect((await findings())[0]!.message).toMatch(
      /^DATABASE_READ_URL: the replica is \d+ seconds? behind; the primary/,
    );
    expect(await get('/metrics', { authorization: `Bearer ${ADMIN_TOKEN}` })).toMatchObject({
      text: expect.stringMatching(/^moviemind_replica_fit 0$[^]*^moviemind_replica_lag_seconds [1-9]/m),
    });
    await isThere(await generated('wbehind'), 'wbehind');
    await standby.asked('SELECT pg_wal_replay_resume()');
    await fit();

    await standby.stopImmediately();
    for (let n = 0; n < 5; n++) expect((await get('/movies')).status).toBe(200);
    await eventually(async () => (await findings())[0]?.code === 'replica_unused');
    await standby.startAgain();
    await fit();
    const before = await readsOf('replica');
    await get('/movies');
    expect(await readsOf('replica')).toBe(before + 1);

    await standby.asked('SELECT pg_promote()');
    await isThere(await generated('wpromoted'), 'wpromoted');
    await eventually(async () => /it is no standby/.test((await findings())[0]?.message ?? ''));
    expect(program.output).not.toContain('secret');
  }, 180_000);

  it('that is of another database is refused in one line; one that is away is told, and not needed', async () => {
    const other = new Program({ ...settings(), DATABASE_READ_URL: `${primary.url}2` });
    const foreign = new Program({
      ...settings(),
      DATABASE_READ_URL: Object.assign(new URL(primary.adminUrl), { pathname: '/postgres' }).href,
    });
    try {
      await other.ready();
      expect(other.output).toMatch(
        /^DATABASE_READ_URL: database "moviemind2" does not exist; reads go to DATABASE_URL/m,
      );
      expect(await foreign.exited).toBe(1);
      expect(foreign.output.trim()).toBe(
        'MovieMind cannot start: DATABASE_READ_URL: it is no replica of the database of DATABASE_URL',
      );
    } finally {
      await Promise.all([other, foreign].map((one) => one.end('SIGKILL')));
    }
  }, 120_000);
});
