import type { BatchAcceptedDto, BatchDto } from '../src/batches/batches.dto.js';
import type { JobListDto } from '../src/jobs/job-list.dto.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { bearer, makeKey, type TestKey } from './support/client/keys.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { fromNow, insertJob } from './support/ledger/insert-job.js';
import { eventually } from './support/run/eventually.js';

const TOKEN = 'a-long-enough-admin-token';
const ADMIN = bearer(TOKEN);
const SETTINGS = {
  ...WITH_MODEL,
  AUTH_REQUIRED: 'true',
  ADMIN_TOKEN: TOKEN,
  WEBHOOK_ALLOW_PRIVATE: 'true',
  RATE_LIMIT_GENERATE: '0',
  RATE_LIMIT_POLL: '0',
};

interface Refusal {
  errors: { pointer: string }[];
}

describeServer('what a client notes on its jobs', SETTINGS, ({ server, receiver, model }) => {
  let [one, two, reader]: TestKey[] = [];

  beforeAll(async () => {
    [one, two, reader] = [
      await makeKey(server, 'generate'),
      await makeKey(server, 'generate'),
      await makeKey(server, 'read'),
    ];
  });

  const ask = (key: TestKey, title: string, metadata?: object, more: object = {}) =>
    server.post('/movies/generate', { title, release_year: 2000, metadata, ...more }, key.headers);
  const seen = async (id: string, headers: Record<string, string>) =>
    (await server.get<JobDto>(`/jobs/${id}`, headers)).body.metadata;
  const found = async (query: string, headers = one!.headers) =>
    (await server.get<JobListDto>(`/jobs?${query}`, headers)).body;
  const ids = ({ results }: JobListDto) => results.map(({ job_id }) => job_id);
  /** A job of `one` that waits, so that others can join it. */
  const waiting = (title: string) =>
    insertJob(server.db, { title, api_key_id: one!.id, run_at: fromNow(3600), wait_seconds: 3600 });
  const finished = (id: string, { headers }: TestKey) => server.finished(id, 15_000, headers);

  it('comes back in every answer about the job, as it came', async () => {
    const metadata = { order: '42', 'note.of_mine-1': ' Zeile eins\n\tund zwei: „ü“ 🎬 ', empty: '' };
    const { status, body } = await ask(one!, 'Noted', metadata);
    expect([status, body.metadata]).toEqual([202, metadata]);
    const job = await finished(body.job_id, one!);
    expect([job.status, job.metadata]).toEqual(['DONE', metadata]);
    expect(ids(await found('metadata.order=42'))).toEqual([body.job_id]);
    expect((await found('metadata.order=42')).results[0]!.metadata).toEqual(metadata);
    const text = await server.get<JobDto>(`/jobs/${body.job_id}?include=text`, one!.headers);
    expect(text.body).toMatchObject({ metadata, text: { version: 1 } });
    const events = await fetch(`${server.url}/jobs/${body.job_id}/events`, { headers: one!.headers });
    const [, data] = /^data: (.*)$/m.exec(await events.text())!;
    expect((JSON.parse(data!) as JobDto).metadata).toEqual(metadata);
    const plain = await ask(one!, 'Nothing Noted');
    expect([plain.body.metadata, (await finished(plain.body.job_id, one!)).metadata]).toEqual([{}, {}]);
  });

  it('is shown to the key that noted it, and its operator sees that of the maker', async () => {
    const id = await waiting('Joined');
    const asks = (key: TestKey, metadata?: object) => ask(key, 'Joined', metadata);
    expect((await asks(one!, { order: '1' })).body).toMatchObject({ job_id: id, metadata: { order: '1' } });
    expect((await asks(two!)).body.metadata).toEqual({});
    expect((await asks(two!, { order: '2' })).body).toMatchObject({ job_id: id, metadata: { order: '2' } });
    // Once from the ledger and once from where it is cached.
    for (let poll = 0; poll < 3; poll++) {
      expect(await seen(id, two!.headers)).toEqual({ order: '2' });
      expect(await seen(id, one!.headers)).toEqual({ order: '1' });
      expect(await seen(id, reader!.headers)).toEqual({});
      expect(await seen(id, ADMIN)).toEqual({ order: '1' });
    }
    const lists = [one!.headers, two!.headers, ADMIN].map((headers) => found('slug=joined-2000', headers));
    expect((await Promise.all(lists)).map(({ results }) => results[0]!.metadata.order)).toEqual(['1', '2', '1']);
    expect(ids(await found('metadata.order=2', two!.headers))).toEqual([id]);
    for (const [query, headers] of [
      ['metadata.order=2', one!.headers],
      ['metadata.order=1', two!.headers],
      ['metadata.order=1', reader!.headers],
      ['metadata.order=2', ADMIN],
    ] as const)
      expect([query, (await found(query, headers)).results]).toEqual([query, []]);
    expect(ids(await found('metadata.order=1', ADMIN))).toEqual([id]);
  });

  it('grows when the key asks for the same again: the newer text of a name counts', async () => {
    const id = await waiting('Asked Again');
    await ask(one!, 'Asked Again', { order: '1', shelf: 'a' });
    const before = await server.get(`/jobs/${id}`, one!.headers);
    expect((await ask(one!, 'Asked Again', { order: '2' })).body.metadata).toEqual({ order: '2', shelf: 'a' });
    const after = await server.get<JobDto>(`/jobs/${id}`, one!.headers);
    expect(after.body.metadata).toEqual({ order: '2', shelf: 'a' });
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    const many = Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`n${n}`, 'x']));
    const { status, body } = await ask(one!, 'Asked Again', many);
    expect([status, (body as unknown as Refusal).errors[0]!.pointer]).toEqual([422, '/metadata']);
    expect(await seen(id, one!.headers)).toEqual({ order: '2', shelf: 'a' });
  });

  it('is noted on the finished job of a text that is reused', async () => {
    const { body } = await ask(one!, 'Reused', { order: '1' });
    await finished(body.job_id, one!);
    for (let poll = 0; poll < 2; poll++) await seen(body.job_id, one!.headers);
    const reuse = { if_exists: 'reuse' };
    const again = await ask(one!, 'Reused', { bill: '9' }, reuse);
    expect([again.status, again.body.metadata]).toEqual([200, { order: '1', bill: '9' }]);
    const other = await ask(two!, 'Reused', { order: '7' }, reuse);
    expect([other.body.job_id, other.body.metadata]).toEqual([body.job_id, { order: '7' }]);
    expect(await seen(body.job_id, one!.headers)).toEqual({ order: '1', bill: '9' });
    expect(await seen(body.job_id, two!.headers)).toEqual({ order: '7' });
    expect(ids(await found('metadata.order=7', two!.headers))).toEqual([body.job_id]);
    expect((await ask(two!, 'Reused', undefined, reuse)).body.metadata).toEqual({ order: '7' });
  });

  it('is in the messages to the webhooks of its key', async () => {
    const id = await waiting('Told Noted');
    await ask(one!, 'Told Noted', { order: '1' }, { webhook_url: receiver.url('/noted-one') });
    await ask(two!, 'Told Noted', { order: '2' }, { webhook_url: receiver.url('/noted-two') });
    await server.rows('UPDATE generation_jobs SET run_at = now() WHERE id = $1', [id]);
    const told = (path: string) =>
      eventually(async () => {
        const [message] = receiver.at(path);
        return message && (JSON.parse(message.body) as { data: { metadata: object } }).data.metadata;
      });
    expect([await told('/noted-one'), await told('/noted-two')]).toEqual([{ order: '1' }, { order: '2' }]);
  });

  it('of a batch holds for its items, whose own names go before', async () => {
    const items = [
      { title: 'Batch Noted 1', metadata: { order: '1', shelf: 'b' } },
      { title: 'Batch Noted 2', metadata: { order: '9' } },
      { title: 'Batch Noted 3' },
    ];
    const metadata = { batch: 'autumn', order: '0' };
    const { body } = await server.post<BatchAcceptedDto>('/movies/generate/batch', { items, metadata }, one!.headers);
    expect(body.jobs.map((job) => job.metadata)).toEqual([
      { batch: 'autumn', order: '1', shelf: 'b' },
      { batch: 'autumn', order: '9' },
      metadata,
    ]);
    const batch = async (headers: Record<string, string>) =>
      (await server.get<BatchDto>(`/batches/${body.batch_id}`, headers)).body.metadata;
    expect([await batch(one!.headers), await batch(ADMIN), await batch(reader!.headers)]).toEqual([
      metadata,
      metadata,
      {},
    ]);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: JobListDto = await found(`metadata[batch]=autumn&limit=2${cursor && `&cursor=${cursor}`}`);
      walked.push(...ids(page));
      cursor = page.next_cursor;
    }
    expect(walked).toEqual(body.jobs.map(({ job_id }) => job_id).toReversed());
    expect(ids(await found('metadata.batch=autumn&metadata.order=9&entity=MOVIE'))).toEqual([body.jobs[1]!.job_id]);
    expect((await found('metadata.batch=autumn&entity=PERSON')).results).toEqual([]);
  });

  const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`name-${n}`, 'x']));
  const WRONG: [description: string, metadata: unknown, pointer: string][] = [
    ['a text', 'order=42', '/metadata'],
    ['a list', ['42'], '/metadata'],
    ['a number in it', { order: 42 }, '/metadata/order'],
    ['null in it', { order: null }, '/metadata/order'],
    ['an object in it', { order: { number: '42' } }, '/metadata/order'],
    ['seventeen names', names(17), '/metadata'],
    ['an empty name', { '': 'x' }, '/metadata/'],
    ['a name with a space', { 'my order': 'x' }, '/metadata/my order'],
    ['a name that is too long', { ['x'.repeat(41)]: 'x' }, `/metadata/${'x'.repeat(41)}`],
    ['a name that every object has', { constructor: 'x' }, '/metadata/constructor'],
    ['a text that is too long', { order: '🎬'.repeat(501) }, '/metadata/order'],
    ['U+0000', { order: 'a\u0000b' }, '/metadata/order'],
    ['half a character', { order: 'a\ud800' }, '/metadata/order'],
  ];

  it.each(WRONG)('is refused when it is or has %s', async (_, metadata, pointer) => {
    const single = await ask(one!, 'Wrongly Noted', metadata as object);
    const refused = (body: unknown) => (body as Refusal).errors?.map((error) => error.pointer);
    expect([single.status, refused(single.body)]).toEqual([422, [pointer]]);
    const items = [{ title: 'Fine' }, { title: 'Wrongly Noted', metadata }];
    const batch = await server.post('/movies/generate/batch', { items }, one!.headers);
    expect([batch.status, refused(batch.body)]).toEqual([422, [`/items/1${pointer}`]]);
    const ofAll = await server.post('/movies/generate/batch', { items: [{ title: 'Fine' }], metadata }, one!.headers);
    expect([ofAll.status, refused(ofAll.body)]).toEqual([422, [pointer]]);
  });

  it('has at most sixteen names with those of the batch, and exactly as many may be', async () => {
    const submit = (count: number) =>
      server.post<BatchAcceptedDto & Refusal>(
        '/movies/generate/batch',
        { items: [{ title: 'Crowded', metadata: { order: '🎬'.repeat(500) } }], metadata: names(count) },
        one!.headers,
      );
    expect((await submit(16)).body.errors[0]!.pointer).toBe('/items/0/metadata');
    expect(Object.keys((await submit(15)).body.jobs[0]!.metadata)).toHaveLength(16);
  });

  it.each([
    ['metadata=42', '/metadata'],
    ['metadata.=42', '/metadata/'],
    ['metadata[]=42', '/metadata/'],
    ['metadata.my%20order=42', '/metadata/my order'],
    ['metadata.order=1&metadata.order=2', '/metadata/order'],
    ['metadata.order=1&metadata[order]=1', '/metadata/order'],
    ['metadata.order=a%00b', '/metadata/order'],
    ['metadatas.order=1', '/metadatas.order'],
  ])('is not looked for by ?%s', async (query, pointer) => {
    const { status, body } = await server.get<Refusal>(`/jobs?${query}`, one!.headers);
    expect([status, body.errors.map((error) => error.pointer)]).toEqual([422, [pointer]]);
    expect((await server.get(`/jobs/${crypto.randomUUID()}?${query}`, one!.headers)).status).toBe(422);
  });

  it('stays with the key that noted it when another pays for the job', async () => {
    const spent = await makeKey(server, 'generate');
    await server.rows('UPDATE api_keys SET daily_tokens = 10 WHERE id = $1', [spent.id]);
    await server.rows(
      `INSERT INTO model_uses (api_key_id, model, entity, calls, input_tokens, output_tokens, duration_ms)
       VALUES ($1, 'test', 'MOVIE', 1, 10, 10, 1)`,
      [spent.id],
    );
    const id = await insertJob(server.db, {
      title: 'Handed Over',
      api_key_id: spent.id,
      metadata: { [spent.id]: { order: '1' } },
      run_at: fromNow(3600),
      wait_seconds: 3600,
    });
    await ask(two!, 'Handed Over', { order: '2' });
    const [row] = await server.rows<{ api_key_id: string }>('SELECT api_key_id FROM generation_jobs WHERE id = $1', [
      id,
    ]);
    expect(row!.api_key_id).toBe(two!.id);
    expect([await seen(id, spent.headers), await seen(id, two!.headers)]).toEqual([{ order: '1' }, { order: '2' }]);
  });

  it('is not told to the model', async () => {
    const { status, body } = await ask(one!, 'Not Told', { order: 'a-secret-number' });
    expect([status, (await finished(body.job_id, one!)).status]).toEqual([202, 'DONE']);
    expect(JSON.stringify(model.callsFor('Not Told'))).not.toContain('a-secret-number');
    expect(model.callsFor('Not Told').length).toBeGreaterThan(0);
  });
});
