import { v7 as uuidv7 } from 'uuid';
import { DEFAULT_PROMPT, PROMPT_FORM, PROMPT_VERSIONS, type PromptChoice, promptVersionOf } from './prompt-versions.js';

const JOBS = 10_000;
const ids = Array.from({ length: JOBS }, () => uuidv7());
const choice = (percent: number): PromptChoice => ({ version: 'v1', canary: { version: 'v2', percent } });
const taken = (percent: number) => ids.filter((id) => promptVersionOf(id, choice(percent)) === 'v2');

describe('the version of a job', () => {
  it('is one of a list, whose first is there from the beginning', () => {
    expect(PROMPT_VERSIONS).toContain(DEFAULT_PROMPT);
    expect(new Set(PROMPT_VERSIONS).size).toBe(PROMPT_VERSIONS.length);
    for (const version of PROMPT_VERSIONS) expect(version).toMatch(new RegExp(PROMPT_FORM.pattern));
  });

  it('is the usual one where there is no canary', () => {
    expect(new Set(ids.map((id) => promptVersionOf(id, { version: 'v2', canary: null })))).toEqual(new Set(['v2']));
  });

  it('is the same whenever it is asked for', () => {
    for (const id of ids.slice(0, 100)) {
      const asked = Array.from({ length: 3 }, () => promptVersionOf(id, choice(50)));
      expect(new Set(asked).size).toBe(1);
    }
  });

  it('is the same in the next release, too: this job stands at 56.3 of a hundred', () => {
    const versions = [56, 57].map((percent) =>
      promptVersionOf('019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b', choice(percent)),
    );
    expect(versions).toEqual(['v1', 'v2']);
  });

  it.each([1, 10, 50, 90])(
    'is the other one for %i of a hundred jobs, though their ids are of one minute',
    (percent) => {
      const share = (100 * taken(percent).length) / JOBS;
      // Five standard deviations of as many throws of a coin.
      const slack = (5 * 100 * Math.sqrt((percent / 100) * (1 - percent / 100))) / Math.sqrt(JOBS);
      expect(Math.abs(share - percent)).toBeLessThan(slack);
    },
  );

  it('is for nobody the other one at 0, for all at 100, and a larger share has the smaller one in it', () => {
    expect([taken(0).length, taken(100).length]).toEqual([0, JOBS]);
    const more = new Set(taken(50));
    expect(taken(10).filter((id) => !more.has(id))).toEqual([]);
  });
});
