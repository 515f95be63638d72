import { EventEmitter } from 'node:events';
import { jest } from '@jest/globals';
import type { JobsService } from '../ledger/jobs.service.js';
import type { DeliveriesService } from '../webhooks/deliveries.service.js';
import { countedFamilies } from './counted.js';
import { Counters } from './counters.js';
import { JobCounters } from './job-counters.js';

/** What was counted under a name, by its labels. */
function countedOf(name: string, jobs: object[]) {
  const [events, told] = [new EventEmitter(), new EventEmitter()];
  const counters = { add: jest.fn<Counters['add']>(), measure: jest.fn() };
  const services = [{ events }, { events: told }] as unknown as [JobsService, DeliveriesService];
  new JobCounters(...services, counters as unknown as Counters).onApplicationBootstrap();
  for (const job of jobs) events.emit('published', { entity: 'MOVIE', history: [], ...job });
  return counters.add.mock.calls.filter(([counted]) => counted === name).map(([, labels]) => labels);
}

describe('jobs that failed', () => {
  const now = new Date();
  const failed = (type: string) => ({ status: 'FAILED', finished_at: now, created_at: now, error: { type } });
  const others = [
    { status: 'DONE', finished_at: now, created_at: now, error: null },
    { status: 'PENDING', finished_at: null, created_at: now, error: { type: 'AI_API_ERROR' } },
  ];

  it('are counted by the type of their error, and among all that ended as before', () => {
    const jobs = [failed('NOT_FOUND'), failed('AI_API_ERROR'), ...others];
    expect(countedOf('jobs_failed_total', jobs)).toEqual([
      { entity: 'MOVIE', type: 'NOT_FOUND' },
      { entity: 'MOVIE', type: 'AI_API_ERROR' },
    ]);
    expect(countedOf('jobs_finished_total', jobs)).toEqual([
      { entity: 'MOVIE', status: 'FAILED' },
      { entity: 'MOVIE', status: 'FAILED' },
      { entity: 'MOVIE', status: 'DONE' },
    ]);
  });

  it('are told from the beginning, at 0, for each type', () => {
    const { values } = countedFamilies([]).find(({ name }) => name === 'jobs_failed_total')!;
    expect(values).toContainEqual({ labels: { entity: 'PERSON', type: 'AMBIGUOUS' }, value: 0 });
    expect(values).toHaveLength(14);
  });
});
