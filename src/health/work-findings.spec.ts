import type { QueueReport } from './queue-report.js';
import { idleFindings, workFindings } from './work-findings.js';
import type { WorkReport } from './work-report.js';

const WELL: WorkReport = {
  last_hour: { ended: 100, failed: 24 },
  messages: { delivered: 100, failing: 24 },
  disabled_endpoints: 0,
  overdue: { jobs: 0, batches: 0, 'idempotency keys': 0, endpoints: 0 },
  tokens: { used: 89, limit: 100 },
  facts_away: null,
  taken: [],
  bounded: [],
};

describe('what becomes of the work', () => {
  it('is nothing to tell of within its bounds', () => {
    expect(workFindings(WELL, 999)).toEqual([]);
    expect(workFindings({ ...WELL, last_hour: { ended: 0, failed: 9 } }, 0)).toEqual([]);
    expect(workFindings({ ...WELL, messages: { delivered: 0, failing: 4 } }, 0)).toEqual([]);
    expect(workFindings({ ...WELL, tokens: { used: 1e12, limit: null } }, 0)).toEqual([]);
    expect(workFindings(null, 1e6)).toEqual([]);
  });

  const changes: [string, Partial<WorkReport>, RegExp][] = [
    ['jobs_failing', { last_hour: { ended: 40, failed: 10 } }, /10 jobs failed .* 20 %/],
    ['webhooks_failing', { messages: { delivered: 15, failing: 5 } }, /5 messages .* 25 %/],
    ['webhook_endpoints_disabled', { disabled_endpoints: 1 }, /1 endpoint answered 410/],
    ['budget_nearly_spent', { tokens: { used: 90, limit: 100 } }, /90 %/],
    ['facts_away', { facts_away: { reason: 'TMDB answered 401.', seconds: 9 } }, /for 9 s yet, .*: TMDB answered 401$/],
    ['retention_behind', { overdue: { ...WELL.overdue, jobs: 3 } }, /\(jobs: 3\)/],
  ];
  it.each(changes)('%s', (code, change, message) => {
    expect(workFindings({ ...WELL, ...change }, 0)).toEqual([
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    ]);
  });

  it.each([
    ['TMDB answered 401.', /TMDB_API_KEY/],
    ['TMDB answered 429.', /ends by itself/],
  ])('facts_away says what helps: %s', (reason, action) => {
    const found = workFindings({ ...WELL, facts_away: { reason, seconds: 9 } }, 0);
    expect(found).toEqual([expect.objectContaining({ action: expect.stringMatching(action) })]);
  });

  it('failed_jobs_piled_up', () => {
    expect(workFindings(WELL, 1000)).toEqual([expect.objectContaining({ code: 'failed_jobs_piled_up' })]);
  });
});

describe('a worker that beats and takes nothing', () => {
  const worker = (pid: number, age = 3600) =>
    ({
      host: 'w',
      pid,
      seen_at: new Date(),
      started_at: new Date(Date.now() - age * 1000),
    }) as QueueReport['workers'][number];
  const jobs = { due: 1, dispatched: 1, oldest_waiting_seconds: 61 } as QueueReport['jobs'];
  const queue = (changes: Partial<QueueReport>): QueueReport => ({
    name: 'movies',
    paused_at: null,
    budget: null,
    throttle: null,
    model: null,
    heldModels: [],
    jobs,
    workers: [worker(1), worker(2)],
    ...changes,
  });
  const took = (...pids: number[]) => ({
    ...WELL,
    taken: pids.map((pid) => ({ worker: `w:${pid}`, queue: 'movies' as const })),
  });
  const quiet = (changes: Partial<QueueReport>, report: WorkReport) =>
    idleFindings([queue(changes)], report).map(({ message }) => /movies: (.*) beats/.exec(message)![1]);

  it('is told by its name, while others take', () => {
    expect(quiet({}, took(1))).toEqual(['w:2']);
    expect(quiet({}, took())).toEqual(['w:1, w:2']);
    expect(quiet({}, took(1, 2))).toEqual([]);
  });

  it('is not one whose queue is held or has nothing due, that has just begun, or that others leave no room', () => {
    expect(quiet({ paused_at: new Date() }, took())).toEqual([]);
    expect(quiet({ jobs: { ...jobs, oldest_waiting_seconds: 59 } }, took())).toEqual([]);
    expect(quiet({ workers: [worker(1, 30)] }, took())).toEqual([]);
    expect(quiet({}, { ...took(1), bounded: ['w:1', 'w:2'] })).toEqual([]);
    expect(quiet({}, { ...took(), bounded: ['w:1', 'w:2'] })).toEqual(['w:1, w:2']);
  });
});
