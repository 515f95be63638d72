import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { digestOf, entryOf, etagOfJob, jobOfEntry, sentJob, type SentJob } from './sent-job.js';

const ID = '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b';
const plain = { id: ID, revision: 3, maker: null, status: 'DONE' as const, json: '{"title":"a:b:{\\"c\\"}"}' };
const job: SentJob = { ...plain, digest: digestOf(plain) };

describe('the entry of a job', () => {
  it('gives back the very bytes, and their ETag', () => {
    expect(jobOfEntry(ID, entryOf(job))).toEqual(job);
    expect(etagOfJob(job)).toBe(`"${job.digest}"`);
    const made = { ...plain, maker: '019ab1d2-0000-7000-8000-000000000000' };
    expect(jobOfEntry(ID, entryOf({ ...made, digest: digestOf(made) }))).toEqual({ ...made, digest: digestOf(made) });
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

describe('a job as it is sent', () => {
  const row = { ...plain, api_key_id: null, entity: 'MOVIE', created_at: new Date(), finished_at: null, result: null };

  it('is made once for a row, however many of Redis and the clients get it', () => {
    const read = row as unknown as GenerationJob;
    expect(sentJob(read, 30)).toBe(sentJob(read, 30));
    expect(sentJob({ ...read, revision: 4 }, 30).digest).not.toBe(sentJob(read, 30).digest);
  });
});
