import { jest } from '@jest/globals';
import type { Config } from '../config/config.js';
import type { JobsService } from '../ledger/jobs.service.js';
import { Loops } from '../timing/loops.js';
import { Leases } from './leases.js';
import type { ProcessBeat } from './process-beat.js';
import type { WorkerRegistry } from './worker-registry.js';

describe('the leases of a worker', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('do not stand still any more once the job that could not be looked for has ended', async () => {
    const loops = new Loops();
    const jobs = {
      heldLeases: () => Promise.reject(new Error('a lock is held')),
      renewLeases: (tokens: string[]) => Promise.resolve(new Set(tokens)),
    };
    const beat = { beat: () => Promise.resolve() };
    const leases = new Leases(
      jobs as unknown as JobsService,
      beat as unknown as WorkerRegistry,
      beat as unknown as ProcessBeat,
      { leaseMs: 30_000 } as Config,
      loops,
    );
    const standing = () => loops.report()[0]!.standing_seconds !== null;
    loops.onApplicationBootstrap();
    leases.onApplicationBootstrap();
    try {
      leases.hold('1', 'token');
      await jest.advanceTimersByTimeAsync(15_000);
      expect(standing()).toBe(true);
      leases.release('token');
      await jest.advanceTimersByTimeAsync(3000);
      expect(standing()).toBe(false);
    } finally {
      leases.stop();
      loops.beforeApplicationShutdown();
    }
  });
});
