import type { JobDto } from '../src/jobs/jobs.dto.js';
import { describeServer } from './support/server/describe-server.js';
import { bearer, makeKey, type TestKey } from './support/client/keys.js';
import { type Answer, eventually } from './support/server/server.js';

const TOKEN = 'a-long-enough-admin-token';
const ADMIN = bearer(TOKEN);
const CAP = 2;

type Headers = Record<string, string>;
type Problem = JobDto & { type?: string; errors?: { pointer: string }[] };

const SETTINGS = {
  ROLE: 'api',
  AUTH_REQUIRED: 'true',
  ADMIN_TOKEN: TOKEN,
  MAX_UNFINISHED_JOBS: String(CAP),
  RATE_LIMIT_GENERATE: '0',
};

describeServer('requests that come together', SETTINGS, ({ server }) => {
  let ann: TestKey;
  let ben: TestKey;
  let rounds = 0;

  beforeAll(async () => {
    ann = await makeKey(server, 'generate');
    ben = await makeKey(server, 'generate');
  });

  const post = (title: string, headers: Headers = ADMIN, more: object = {}) =>
    server.post<Problem>('/movies/generate', { title, release_year: 2000, ...more }, headers);
  const keyed = (key: string, { authorization } = ADMIN) => ({ authorization, 'idempotency-key': key });
  const outcome = ({ status, body }: Answer<Problem>) => [status, body.requested_slug ?? body.type?.split(':').at(-1)];
  /** Of the INSERTs that made these films, the moments: one a statement. */
  const momentsOf = async (slugs: string) =>
    (await server.rows(`SELECT DISTINCT created_at FROM generation_jobs WHERE requested_slug LIKE $1`, [slugs])).length;

  /** Sends them while the database lets nobody insert, so that they are one group. */
  async function together(send: () => Promise<Answer<Problem>>[]): Promise<Answer<Problem>[]> {
    const round = ++rounds;
    const holder = await server.db.connect();
    await holder.query('BEGIN; LOCK TABLE generation_jobs IN SHARE ROW EXCLUSIVE MODE');
    // One group at a time; what comes meanwhile is the next.
    const first = post('Ahead', keyed(`ahead-${round}`));
    await eventually(async () => {
      const held = await server.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE 'INSERT INTO generation_jobs%'`,
      );
      return held.length === 1;
    });
    const answers = send();
    // They are on the way to the same process before this is.
    for (let n = 0; n < 5; n++) await server.get('/health/live');
    await holder.query('COMMIT');
    holder.release();
    await first;
    return Promise.all(answers);
  }

  it('are committed together, and each is answered as if it were alone', async () => {
    const replay = await post('Known', keyed('known'));
    for (let n = 0; n < CAP; n++) expect((await post(`Of Ben ${n}`, ben.headers)).status).toBe(202);
    const answers = await together(() => [
      post('Group 1'),
      post('Group 2'),
      post('Group 3', keyed('new')),
      post('Shared', ann.headers),
      post('Shared'),
      post('Ahead', ann.headers),
      post('Known', keyed('known')),
      post('Other Body', keyed('known')),
      post('Over The Cap', keyed('over', ben.headers)),
      post('Of Ben 0', ben.headers),
      post('Twice', keyed('twice')),
      post('Twice', keyed('twice')),
      post('Ahead', keyed('ahead-1')),
    ]);
    expect(answers.map(outcome)).toEqual([
      [202, 'group-1-2000'],
      [202, 'group-2-2000'],
      [202, 'group-3-2000'],
      [202, 'shared-2000'],
      [202, 'shared-2000'],
      [202, 'ahead-2000'],
      [202, 'known-2000'],
      [422, 'idempotency-key-reused'],
      [429, 'too-many'],
      [202, 'of-ben-0-2000'],
      [202, 'twice-2000'],
      [202, 'twice-2000'],
      [202, 'ahead-2000'],
    ]);
    expect(await momentsOf('group-%')).toBe(1);
    expect(answers[6]!.body.job_id).toBe(replay.body.job_id);
    // One job for both who asked for it, and each may see it.
    expect(answers[3]!.body.job_id).toBe(answers[4]!.body.job_id);
    expect((await server.get(`/jobs/${answers[3]!.body.job_id}`, ann.headers)).status).toBe(200);
    expect((await server.get(`/jobs/${answers[5]!.body.job_id}`, ann.headers)).status).toBe(200);
    expect((await server.get(`/jobs/${answers[3]!.body.job_id}`, ben.headers)).status).toBe(404);
    expect(answers[10]!.body).toEqual(answers[11]!.body);
    const repeated = [answers[10]!, answers[11]!].map(({ headers }) => headers.get('idempotent-replayed'));
    expect(repeated.sort()).toEqual([null, 'true'].sort());
    expect(answers[12]!.headers.get('idempotent-replayed')).toBe('true');
  });

  it('leave no key of one that was refused', async () => {
    await server.rows(`UPDATE generation_jobs SET status = 'CANCELLED', finished_at = now() WHERE api_key_id = $1`, [
      ben.id,
    ]);
    const again = await eventually(async () => {
      const answer = await post('Over The Cap', keyed('over', ben.headers));
      return answer.status === 202 && answer;
    });
    expect(again.headers.get('idempotent-replayed')).toBeNull();
  });

  it('are accepted but for the one that breaks their group', async () => {
    const url = (n: number) => ({ webhook_url: `https://example.com/hooks/${n}` });
    for (let n = 0; n < 20; n++) expect((await post('Crowded', ADMIN, url(n))).status).toBe(202);
    const answers = await together(() => [
      post('Beside 1'),
      post('Crowded', keyed('crowd'), url(20)),
      post('Beside 2', keyed('beside')),
      post('Beside 3', ADMIN, url(3)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 422, 202, 202]);
    expect(answers[1]!.body.errors).toEqual([{ pointer: '/webhook_url', detail: expect.stringMatching(/20/) }]);
    const told = await server.rows('SELECT url FROM job_webhooks WHERE job_id = $1', [answers[3]!.body.job_id]);
    expect(told).toEqual([{ url: 'https://example.com/hooks/3' }]);
    expect(await server.rows(`SELECT 1 FROM job_webhooks WHERE url LIKE '%/20'`)).toEqual([]);
  });

  it('have one job each when one of them asks for what is blocked, however soon the others end', async () => {
    await server.rows(
      `INSERT INTO blocks (id, entity, entity_id, name, slug, slugs, keys)
       VALUES (gen_random_uuid(), 'MOVIE', gen_random_uuid(), 'Barred', 'barred-2000', '{barred-2000}', '{barred}')`,
    );
    // Their jobs are over before the group has its answers.
    await server.rows(
      `CREATE FUNCTION end_at_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         NEW.status := 'CANCELLED'; NEW.finished_at := now(); RETURN NEW; END $$`,
    );
    await server.rows(
      `CREATE TRIGGER end_at_once BEFORE INSERT ON generation_jobs FOR EACH ROW
         WHEN (NEW.requested_slug LIKE 'good-%') EXECUTE FUNCTION end_at_once()`,
    );
    const answers = await together(() => [post('Good 1'), post('Barred'), post('Good 2')]);
    expect(answers.map(({ status }) => status)).toEqual([202, 409, 202]);
    const made = await server.rows<{ id: string }>(
      `SELECT id FROM generation_jobs WHERE requested_slug LIKE 'good-%' ORDER BY requested_slug`,
    );
    expect(made.map(({ id }) => id)).toEqual([answers[0]!.body.job_id, answers[2]!.body.job_id]);
  });
});
