import type { DataSource } from 'typeorm';
import type { Loops } from '../timing/loops.js';
import { Counters } from './counters.js';

describe('counters', () => {
  it('are written once, also where forgetting old ones fails after it', async () => {
    const written: unknown[] = [];
    const query = (text: string, parameters: unknown[] = []) => {
      if (text.startsWith('DELETE')) return Promise.reject(new Error('too slow'));
      written.push(parameters[0]);
      return Promise.resolve([]);
    };
    const loops = { open: () => ({ run: (work: () => Promise<void>) => work() }) };
    const counters = new Counters({ query } as unknown as DataSource, loops as unknown as Loops);
    counters.add('jobs_accepted_total', { entity: 'MOVIE' });
    await counters.flush();
    await counters.flush();
    expect(written).toEqual([JSON.stringify([{ name: 'jobs_accepted_total', labels: { entity: 'MOVIE' }, value: 1 }])]);
  });
});
