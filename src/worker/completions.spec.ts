import type { Result } from '../catalog/told.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import type { Outcome, Settlement } from '../ledger/settle.js';
import type { JobsService } from '../ledger/jobs.service.js';
import { Completions } from './completions.js';

/** A film by the slug of its name. */
function done(base: string): Outcome<Result> {
  const job = { id: base, entity: 'MOVIE' } as GenerationJob;
  const told = { name: { text: base, keys: [] }, others: [] };
  const result = { job, subject: { row: null, told }, asked: { externalIds: {} } } as unknown as Result;
  return { kind: 'done', job, call: { model: 'm', input_tokens: 1, output_tokens: 1, duration_ms: 1 }, result };
}

/** Settles by `settle`, and notes the groups it was asked for. */
function completionsOf(settle: (bases: string[]) => void) {
  const groups: string[][] = [];
  const settlement = {
    settle: async (outcomes: Outcome<Result>[]) => {
      const bases = outcomes.map(({ job }) => job.id);
      groups.push(bases);
      await new Promise(setImmediate);
      settle(bases);
      return outcomes.map(({ job }) => job);
    },
  };
  const jobs = { published: async (job: GenerationJob) => job };
  return { groups, completions: new Completions(settlement as unknown as Settlement, jobs as unknown as JobsService) };
}

describe('what claims came to', () => {
  it('is settled together when it comes together', async () => {
    const { groups, completions } = completionsOf(() => undefined);
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(all.map((base) => completions.settle(done(base))));
    expect(groups).toEqual([all]);
  });

  it('is settled alone when one of its group breaks it, and that one fails alone', async () => {
    const { completions } = completionsOf((bases) => {
      if (bases.includes('bad')) throw new Error('a defect');
    });
    const names = ['a', 'b', 'c', 'd', 'bad', 'e'];
    const settled = await Promise.allSettled(names.map((base) => completions.settle(done(base))));
    expect(settled.map(({ status }) => status)).toEqual(
      names.map((name) => (name === 'bad' ? 'rejected' : 'fulfilled')),
    );
  });

  it('is told to all of its group that the database is away, and not tried one by one', async () => {
    const { groups, completions } = completionsOf(() => {
      throw Object.assign(new Error('away'), { code: '57P01' });
    });
    const settled = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((base) => completions.settle(done(base))));
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(groups).toHaveLength(1);
  });

  it('is stored one after the other where two are of one name', async () => {
    const { groups, completions } = completionsOf(() => undefined);
    await Promise.all(['same', 'other', 'same'].map((base) => completions.settle(done(base))));
    expect(groups).toEqual([['same', 'other'], ['same']]);
  });
});
