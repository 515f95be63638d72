import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { insertJobs } from '../support/ledger/insert-job.js';
import { SystemPostgres } from '../support/machines/system-postgres.js';
import { eventually } from '../support/run/eventually.js';
import { describeOnce } from '../support/run/on-driver.js';
import { done, moviemind } from '../support/server/moviemind.js';
import { Program } from '../support/server/process.js';

const run = promisify(execFile);
const DIST = join(process.cwd(), 'dist/src');

describeOnce('a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-backups-'));
  let postgres: SystemPostgres;
  let db: pg.Pool;

  beforeAll(async () => {
    postgres = await SystemPostgres.start();
    await new Program({ DATABASE_URL: postgres.url }, join(DIST, 'migrate.js')).exited;
    db = new pg.Pool({ connectionString: postgres.url, max: 2 });
    db.on('error', () => undefined);
    await insertJobs(db, [{ status: 'PENDING' }, { status: 'FAILED' }, { status: 'CANCELLED' }]);
  }, 60_000);

  afterAll(async () => {
    await db.end();
    await postgres.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const place = (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  /** Stands in for pg_dump: it says the same version, and does this. */
  const withDump = (name: string, script: string) => {
    const path = join(place(name), 'pg_dump');
    const real = join(postgres.bin, 'pg_dump');
    writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && exec ${real} --version\nREAL=${real}\n${script}\n`);
    chmodSync(path, 0o755);
    return { PATH: `${join(folder, name)}:${process.env.PATH}` };
  };
  const verify = (path: string) => moviemind(postgres, ['backup', 'verify', path, '--scratch-url', postgres.adminUrl]);
  const scratches = async () =>
    (await db.query(`SELECT datname FROM pg_database WHERE datname LIKE 'moviemind_verify%'`)).rows;

  it('is a dump with a manifest of the same moment, is noted, listed and verified, and tells nobody the password', async () => {
    const out = place('one');
    const seen = join(folder, 'arguments');
    const watched = withDump('watching', `echo "$@" > ${seen}; exec "$REAL" "$@"`);
    const { code, stdout, stderr } = await moviemind(postgres, ['backup', '--out', out, '--json'], watched);
    expect([code, stderr]).toEqual([0, expect.stringContaining('by pg_dump')]);
    const { path, ...manifest } = JSON.parse(stdout) as { path: string; rows: object; bytes: number; sha256: string };
    expect(manifest).toMatchObject({
      format: 1,
      database: 'moviemind',
      schema_version: expect.stringMatching(/^[A-Z]\w+\d{13}$/),
      bytes: statSync(path).size,
      rows: expect.objectContaining({ generation_jobs: 3, failed_jobs: 1, backups: 0 }),
      noted: true,
      removed: [],
    });
    expect(readdirSync(out).sort()).toEqual([path, `${path}.json`].map((file) => file.slice(out.length + 1)));
    expect([path, `${path}.json`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    const noted = await db.query('SELECT bytes::int, sha256, tool FROM backups');
    expect(noted.rows).toEqual([
      { bytes: manifest.bytes, sha256: manifest.sha256, tool: expect.stringMatching(/^pg_dump \d/) },
    ]);
    const told = [stdout, stderr, readFileSync(seen, 'utf8'), readFileSync(`${path}.json`, 'utf8')];
    expect(told.join('\n')).not.toMatch(/secret(?!s")/);
    expect((await verify(out)).stdout).toMatch(new RegExp(`^fine: ${path}`));
    expect(await scratches()).toEqual([]);
    expect(await done(postgres, 'backup', 'list', out)).toContain('moviemind-');
    expect((await moviemind(postgres, ['backup', 'verify', path])).stderr).toMatch(
      /no database for the trial.*CREATEDB/,
    );
  }, 60_000);

  it('is restored into an empty database alone, and refused where it is damaged or newer', async () => {
    const path = join(place('whole'), 'a.dump');
    await done(postgres, 'backup', '--out', path);
    const restored = (file: string, settings = {}) => moviemind(postgres, ['restore', file, '--yes'], settings);
    expect(await restored(path)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^moviemind: the database moviemind is not empty: it has \w+\. .*DROP DATABASE/),
    });
    const elsewhere = { DATABASE_URL: '', DATA_DIR: join(folder, 'whole', 'data') };
    const other = join(folder, 'whole', 'damaged.dump');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(other, bytes);
    const manifest = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as object;
    const write = (more: object) =>
      writeFileSync(`${other}.json`, JSON.stringify({ ...manifest, file: 'damaged.dump', ...more }));
    write({});
    for (const refused of [await restored(other, elsewhere), await verify(other)])
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/damaged\.dump is damaged: /)]);
    copyFileSync(path, other);
    write({ schema_version: 'Later1999999999999' });
    const newer = await restored(other, elsewhere);
    expect([newer.code, newer.stderr]).toEqual([
      2,
      expect.stringMatching(/newer than this program .*Later1999999999999/),
    ]);
    write({ rows: { generation_jobs: 4 } });
    const { code, stdout } = await verify(other);
    expect([code, stdout]).toEqual([1, expect.stringContaining('generation_jobs: 3, the manifest says 4\n')]);
    expect(await scratches()).toEqual([]);
    expect(await restored(path, elsewhere)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^restored: /) });
    // The embedded PostgreSQL brings no tools, and this machine's may be older.
    const missing = await moviemind(postgres, ['backup', '--out', place('embedded')], elsewhere);
    const asksFor = /^0 |^2 moviemind: pg_dump here is of version .*postgresql-client-18.* copy its folder/;
    expect(`${missing.code} ${missing.stderr}`).toMatch(asksFor);
  }, 60_000);

  it('names what does not hold in it', async () => {
    await db.query(`ALTER TABLE failed_jobs DROP CONSTRAINT failed_jobs_one_per_job`);
    await db.query(`INSERT INTO failed_jobs SELECT gen_random_uuid(), job_id, connection, queue, name, payload, exception, attempts
      FROM failed_jobs`);
    try {
      const out = place('breached');
      await done(postgres, 'backup', '--out', out);
      const { code, stdout } = await verify(out);
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(
          /^a FAILED job is kept as one failed job: not [\da-f-]{36}, FAILED with 2 failed_jobs rows\n$/,
        ),
      ]);
    } finally {
      await db.query(
        'DELETE FROM failed_jobs AS one USING failed_jobs AS other WHERE one.job_id = other.job_id AND one.uuid > other.uuid',
      );
      await db.query('ALTER TABLE failed_jobs ADD CONSTRAINT failed_jobs_one_per_job UNIQUE (job_id)');
    }
  }, 60_000);

  it('leaves nothing that looks whole where pg_dump is killed, or the disk is full', async () => {
    const out = place('failed');
    const half = 'for one; do case $one in --file=*) echo half > "${one#--file=}";; esac; done; kill -9 $$';
    const killed = await moviemind(postgres, ['backup', '--out', out], withDump('killed', half));
    expect([killed.code, killed.stderr]).toEqual([2, expect.stringContaining('ended with SIGKILL')]);
    expect(readdirSync(out)).toEqual([]);
    // A file may have 8 blocks: the disk is full after them.
    const PATH = `${postgres.bin}:${process.env.PATH}`;
    const full = spawnSync(
      'sh',
      ['-c', `ulimit -f 8; exec "$0" "$@"`, process.execPath, join(DIST, 'cli.js'), 'backup', '--out', out],
      {
        env: { PATH, DATABASE_URL: postgres.url },
        encoding: 'utf8',
        cwd: folder,
        timeout: 30_000,
      },
    );
    expect([full.status, full.stderr]).toEqual([2, expect.stringMatching(/pg_dump: error|ended with SIGXFSZ/)]);
    expect(readdirSync(out)).toEqual([]);
  }, 60_000);

  it('is done, with a warning, where it cannot be noted: nobody is to repeat what is whole', async () => {
    const out = place('read-only');
    const before = (await db.query('SELECT id FROM backups')).rows;
    const DATABASE_URL = `${postgres.url}?options=-c%20default_transaction_read_only%3Don`;
    const { code, stdout, stderr } = await moviemind(postgres, ['backup', '--out', out, '--json'], { DATABASE_URL });
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ noted: false })]);
    expect(stderr).toMatch(/^moviemind: warning: the backup is whole, but could not be noted in the database: .+/m);
    expect((await db.query('SELECT id FROM backups')).rows).toEqual(before);
    expect((await verify(out)).code).toBe(0);
  }, 60_000);

  it('goes when enough newer ones are there, and nothing else goes', async () => {
    const out = place('kept');
    writeFileSync(join(out, '1.dump.note'), 'not ours');
    for (const name of ['1.dump', '2.dump']) await done(postgres, 'backup', '--out', join(out, name));
    writeFileSync(join(out, '2.dump'), 'damaged');
    await done(postgres, 'backup', '--out', join(out, '3.dump'), '--keep', '1');
    expect(readdirSync(out)).toEqual(['1.dump.note', '2.dump', '2.dump.json', '3.dump', '3.dump.json']);
  }, 60_000);

  it('is a copy of the server with its write-ahead log, too: recovered to the moment before a mistake', async () => {
    const archive = place('archive');
    // PostgreSQL writes there, as a user of its own.
    for (const path of [folder, archive]) chmodSync(path, 0o777);
    // As docs/backup.md has it.
    const settings = {
      archive_mode: 'on',
      archive_command: `test ! -f ${archive}/%f && cp %p ${archive}/%f.part && mv ${archive}/%f.part ${archive}/%f`,
      archive_timeout: '60',
    };
    for (const [name, value] of Object.entries(settings)) await postgres.asked(`ALTER SYSTEM SET ${name} = '${value}'`);
    await postgres.stopImmediately();
    await postgres.startAgain();
    const PGPASSWORD = 'secret';
    const base = async (data: string) => {
      const { port } = new URL(postgres.url);
      const args = [
        '-h',
        '127.0.0.1',
        '-p',
        port,
        '-U',
        'postgres',
        '-D',
        data,
        '--checkpoint=fast',
        '--wal-method=none',
      ];
      await run(join(postgres.bin, 'pg_basebackup'), args, { env: { ...process.env, PGPASSWORD }, timeout: 60_000 });
      await db.query(
        'INSERT INTO generation_jobs SELECT (json_populate_record(job, $1)).* FROM generation_jobs AS job LIMIT 1',
        [{ id: '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b', requested_slug: 'after-the-copy' }],
      );
      const moment = (await db.query<{ now: string }>('SELECT clock_timestamp()::text AS now')).rows[0]!.now;
      await db.query('DELETE FROM generation_jobs');
      const { rows } = await db.query<{ file: string }>('SELECT pg_walfile_name(pg_current_wal_lsn()) AS file');
      await postgres.asked('SELECT pg_switch_wal()');
      await eventually(async () => existsSync(join(archive, rows[0]!.file)), 30_000);
      return moment;
    };
    let moment = '';
    const recovered = await SystemPostgres.startOn(
      async (data) => (moment = await base(data)),
      () =>
        `restore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${moment}'\nrecovery_target_action = 'promote'\n`,
    );
    const back = new pg.Client({ connectionString: recovered.url });
    try {
      await back.connect();
      await eventually(async () => !(await back.query('SELECT pg_is_in_recovery() AS is')).rows[0].is, 30_000);
      const slugs = (await back.query('SELECT requested_slug FROM generation_jobs')).rows.map(
        (row) => row.requested_slug,
      );
      expect(slugs).toContain('after-the-copy');
      expect(slugs).toHaveLength(4);
      expect((await back.query('SELECT timeline_id FROM pg_control_checkpoint()')).rows).toEqual([{ timeline_id: 2 }]);
    } finally {
      await back.end();
      await recovered.remove();
    }
  }, 90_000);
});
