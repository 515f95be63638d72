import type { Kept } from './backup-manifest.js';
import { outdated } from './backup-retention.js';
import { chosenTool, environmentOf } from './backup-tools.js';
import { withDatabase } from './backup-verify.js';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-27T00:00:00Z');

/** A backup of so many days ago. */
const backup = (days: number, more: Partial<Kept> = {}, deployment = 'ours'): Kept => ({
  manifest: { deployment, finished_at: new Date(NOW - days * DAY_MS).toISOString() } as Kept['manifest'],
  path: `/backups/${deployment}-${days}.dump`,
  isThere: true,
  ...more,
});

describe('what of the backups goes', () => {
  const made = backup(0);
  const kept = [made, ...[1, 2, 3, 4].map((days) => backup(days))];
  const goes = (keeping: object, all = kept) => outdated(all, made, keeping, NOW).map(({ path }) => path);

  it.each([
    ['nothing, where nothing is said', {}, []],
    ['all but the newest', { keep: 3 }, ['/backups/ours-3.dump', '/backups/ours-4.dump']],
    ['all but the one just made', { keep: 1 }, [1, 2, 3, 4].map((days) => `/backups/ours-${days}.dump`)],
    ['what is older', { keepDays: 3 }, ['/backups/ours-4.dump']],
    ['nothing, where enough are kept', { keep: 5, keepDays: 4 }, []],
  ])('is %s', (_, keeping, gone) => expect(goes(keeping)).toEqual(gone));

  it('is never what is damaged, which counts for none, and never what another deployment has made', () => {
    const others = [backup(1, { isThere: false }), backup(2, {}, 'theirs'), backup(3), backup(4)];
    expect(goes({ keep: 2 }, [made, ...others])).toEqual(['/backups/ours-4.dump']);
  });
});

describe("PostgreSQL's own programs", () => {
  const tool = (major: number) => ({ path: `/${major}/pg_dump`, version: `${major}.2`, major });

  it('are the oldest that is new enough', () => {
    expect(chosenTool('pg_dump', 16, [tool(15), tool(18), tool(17)]).major).toBe(17);
  });

  it.each([
    [[tool(15), tool(16)], /^pg_dump here is of version 16\.2, and PostgreSQL 18 needs .*postgresql-client-18/],
    [[], /^there is no pg_dump on PATH, and PostgreSQL 18 needs/],
  ])('are asked for in one line where none is', (found, line) => {
    expect(() => chosenTool('pg_dump', 18, found)).toThrow(line);
  });

  it.each([
    [
      'postgres://me:pass%40word@db:5433/films',
      { PGHOST: 'db', PGPORT: '5433', PGUSER: 'me', PGPASSWORD: 'pass@word' },
    ],
    ['postgres://me:word@/films?host=/run/pg', { PGHOST: '/run/pg', PGDATABASE: 'films', PGPASSWORD: 'word' }],
    ['postgres://me@db/films?sslmode=no-verify', { PGSSLMODE: 'require' }],
    ['postgres://me@db/films?options=-c%20x.y%3D1', { PGOPTIONS: '-c x.y=1' }],
  ])('are told of %s by their environment', (url, environment) => {
    expect(environmentOf(url)).toMatchObject(environment);
  });

  it('check a certificate as the program does', () => {
    const url = 'postgres://me@db/films?sslmode=verify-full';
    expect(environmentOf(url)).toMatchObject({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: expect.any(String) });
  });

  it.each([
    ['postgres://me:p@db:5/films?sslmode=verify-full', 'postgres://me:p@db:5/trial?sslmode=verify-full'],
    ['postgres://me:p@/films?host=/run/pg', 'postgres://me:p@/trial?host=/run/pg'],
    ['postgres://db', 'postgres://db/trial'],
  ])('are led to another database of the server of %s', (url, other) => {
    expect(withDatabase(url, 'trial')).toBe(other);
  });
});
