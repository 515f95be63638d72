import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { NOBODY } from '../ledger/owner.js';
import { digestOf, entryOf, etagOfJob, jobOfEntry, movedTo, sentJob, type SentJob, sentTo } from './sent-job.js';

const ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const plain = {
  id: ID,
  revision: 3,
  maker: null,
  status: 'DONE' as const,
  notes: null,
  json: '{"title":"a:b:{\\"c\\"}"}',
};
const job: SentJob = { ...plain, digest: digestOf(plain) };

describe('the entry of a job', () => {
  it('gives back the very bytes, and their ETag', () => {
    expect(jobOfEntry(ID, entryOf(job))).toEqual(job);
    expect(etagOfJob(job)).toBe(`"${job.digest}"`);
    const made = { ...plain, maker: '019ab1d2-0000-7000-8000-000000000000' };
    expect(jobOfEntry(ID, entryOf({ ...made, digest: digestOf(made) }))).toEqual({ ...made, digest: digestOf(made) });
  });

  it('carries what keys have noted beside the bytes', () => {
    const noted = { ...plain, notes: { [NOBODY]: { order: '42:{"' } } };
    expect(jobOfEntry(ID, entryOf({ ...noted, digest: digestOf(noted) }))).toEqual({
      ...noted,
      digest: digestOf(noted),
    });
    expect(digestOf(noted)).not.toBe(digestOf(plain));
  });

  it.each([
    ['the bytes', (entry: string) => entry.replace('a:b', 'a:c')],
    ['the revision', (entry: string) => entry.replace(/^3/, '4')],
    ['the state', (entry: string) => entry.replace(':DONE:', ':FAILED:')],
    ['its length', (entry: string) => entry.slice(0, -1)],
    ['everything', () => '\0'.repeat(100)],
    ['its form, to what another version wrote', () => `3::0123456789abcdef:${plain.json}`],
  ])('is nothing where Redis has changed %s', (_, damage) => {
    expect(jobOfEntry(ID, damage(entryOf(job)))).toBeNull();
  });

  it('is nothing under the name of another job', () => {
    expect(jobOfEntry(ID.replace('019', '029'), entryOf(job))).toBeNull();
  });
});

describe('a job that has moved in the queue', () => {
  const message = 'It says "queue_position":7, and $1.';
  const at = (place: number | null) => {
    const json = JSON.stringify({ hold: { message }, queue_position: place, attempts: 0 });
    const waiting = { ...plain, status: 'PENDING' as const, json };
    return { ...waiting, digest: digestOf(waiting) };
  };

  it.each([
    [12, 3],
    [0, null],
    [null, 1000],
  ])('is what it were if it had been read there: from %s to %s', (from, to) => {
    expect(movedTo(at(from), to)).toEqual(at(to));
  });

  it('is the very same where it stays', () => {
    const job = at(12);
    expect(movedTo(job, 12)).toBe(job);
  });
});

describe('a job as it is sent', () => {
  const row = { ...plain, api_key_id: null, entity: 'MOVIE', created_at: new Date(), finished_at: null, result: null };

  it('is made once for a row, however many of Redis and the clients get it', () => {
    const read = row as unknown as GenerationJob;
    expect(sentJob(read, 30)).toBe(sentJob(read, 30));
    expect(sentJob({ ...read, revision: 4 }, 30).digest).not.toBe(sentJob(read, 30).digest);
  });

  it('has the notes of the key that asks, and of no other', () => {
    const [maker, joined, other] = ['1', '2', '3'].map((n) => ID.replace('019', `${n}19`)) as [string, string, string];
    const metadata = { [maker]: { order: '1' }, [joined]: { order: '2' } };
    const sent = sentJob({ ...row, api_key_id: maker, metadata } as unknown as GenerationJob, 30);
    const to = (key_id: string | null, ...scopes: ('admin' | 'read')[]) => sentTo(sent, { key_id, scopes });
    const shown = (job: SentJob) => (JSON.parse(job.json) as { metadata: object }).metadata;
    expect([to(maker), to(joined), to(null, 'admin')].map(shown)).toEqual([
      { order: '1' },
      { order: '2' },
      { order: '1' },
    ]);
    expect([to(other), to(other, 'read'), to(null)].map(shown)).toEqual([{}, {}, {}]);
    expect(new Set([to(maker), to(joined), to(other)].map(etagOfJob)).size).toBe(3);
  });

  it('is the very same for everybody where nothing is noted', () => {
    const sent = sentJob(row as unknown as GenerationJob, 30);
    expect(sentTo(sent, { key_id: ID, scopes: [] })).toBe(sent);
  });
});
