import {
  breaches,
  type DeliveryRow,
  type Evidence,
  type LedgerRow,
  type ResultRow,
  type WebhookRow,
} from './invariants.js';

const outcomes = (...list: NonNullable<LedgerRow['history'][number]['outcome']>[]) =>
  list.map((outcome) => ({ outcome }));

const doneRow = (n: number, more: Partial<LedgerRow> = {}): LedgerRow => ({
  id: `job-${n}`,
  subject: `Film ${n}`,
  status: 'DONE',
  run: 1,
  attempts: 1,
  max_attempts: 3,
  crashes: 0,
  history: outcomes('DONE'),
  result: { id: `movie-${n}`, slug: `film-${n}`, description_id: `text-${n}`, version: 1 },
  error: null,
  written_by: `${n}`,
  tokens: 0,
  ...more,
});

const failedRow = (n: number, more: Partial<LedgerRow> = {}): LedgerRow =>
  doneRow(n, {
    status: 'FAILED',
    attempts: 3,
    history: outcomes('FAILED', 'CRASHED', 'FAILED', 'FAILED'),
    crashes: 1,
    result: null,
    error: { type: 'AI_API_ERROR', message: 'away', retryable: true, attempt: 3 },
    ...more,
  });

const text = (n: number, more: Partial<ResultRow> = {}): ResultRow => ({
  id: `text-${n}`,
  job_id: `job-${n}`,
  slug: `film-${n}`,
  version: 'en-US DEFAULT 1',
  text: `About Film ${n}.`,
  ...more,
});

const webhook = (n: number, more: Partial<WebhookRow> = {}): WebhookRow => ({
  id: `hook-${n}`,
  job_id: `job-${n}`,
  url: `http://hook/${n}`,
  events: ['job.started', 'job.completed', 'job.failed'],
  ...more,
});

const delivery = (n: number, more: Partial<DeliveryRow> = {}): DeliveryRow => {
  const { event = 'job.completed', run = 1 } = more;
  return { id: `${event} ${run} of ${n}`, webhook_id: `hook-${n}`, run, event, status: 'DELIVERED', ...more };
};

/** Two films done (one after a failed try and a hand-back), one failed for good: nothing is wrong with it. */
const good = (): Evidence => ({
  tries: 3,
  accepted: ['job-1', 'job-2', 'job-3'],
  rows: [
    doneRow(1),
    doneRow(2, { run: 2, attempts: 2, history: outcomes('FAILED', 'HANDED_BACK', 'DONE') }),
    failedRow(3),
  ],
  tokens: 0,
  results: [text(1), text(2)],
  failedJobs: [{ job_id: 'job-3', written_by: '3' }],
  // The second job failed in its first run, and was retried.
  webhooks: [1, 2, 3].map((n) => webhook(n)),
  deliveries: [
    delivery(1, { event: 'job.started' }),
    delivery(1),
    delivery(2, { event: 'job.failed' }),
    delivery(2, { run: 2 }),
    delivery(3, { event: 'job.failed' }),
  ],
  subscribed: [['job-1', 'http://hook/1']],
  taken: new Set([
    'job.started 1 of 1',
    'job.completed 1 of 1',
    'job.failed 1 of 2',
    'job.completed 2 of 2',
    'job.failed 1 of 3',
  ]),
  movieSlugs: ['film-1', 'film-2'],
  personSlugs: ['film-1'],
  observed: new Map([
    ['job-1', ['PENDING', 'DONE']],
    ['job-2', ['PENDING', 'IN_PROGRESS', 'PENDING', 'IN_PROGRESS', 'PENDING', 'IN_PROGRESS', 'DONE']],
    ['job-3', ['IN_PROGRESS', 'PENDING', 'FAILED']],
  ]),
  calls: new Map([
    ['Film 1', 1],
    ['Film 2', 3],
    ['Film 3', 4],
  ]),
});

const setRow = (evidence: Evidence, row: LedgerRow) =>
  (evidence.rows = evidence.rows.map((old) => (old.id === row.id ? row : old)));

describe('the checker of the invariants', () => {
  it('finds nothing wrong with a good ledger', () => {
    expect(breaches(good())).toEqual([]);
  });

  it('accepts a job that was committed though its answer never arrived', () => {
    expect(breaches({ ...good(), accepted: ['job-1'] })).toEqual([]);
  });

  const FORGED: [what: string, invariant: string, of: string, forge: (evidence: Evidence) => unknown][] = [
    ['a job that was answered 202 and is gone', 'kept', 'job-9', (e) => (e.accepted = ['job-1', 'job-9'])],
    [
      'a job that is PENDING for ever',
      'ended',
      'job-1',
      (e) => {
        setRow(e, doneRow(1, { status: 'PENDING', result: null, history: [] }));
        e.results = [text(2)];
        e.observed.set('job-1', ['PENDING']);
        e.calls.delete('Film 1');
      },
    ],
    ['a result written twice', 'one result', 'job-1', (e) => e.results.push(text(1, { id: 'again', version: '2' }))],
    ['a result that was removed', 'one result', 'job-1', (e) => (e.removed = new Set([e.results[0]!.id]))],
    ['a DONE job without a result', 'one result', 'job-1', (e) => (e.results = [text(2)])],
    [
      'a result of a FAILED job',
      'one result',
      'job-3',
      (e) => e.results.push(text(3, { slug: 'film-3', text: 'About Film 3.' })),
    ],
    [
      'a job that names a result other than its own',
      'one result',
      'job-1',
      (e) => setRow(e, doneRow(1, { result: { id: 'm', slug: 's', description_id: 'text-x', version: 1 } })),
    ],
    ['a version number given twice', 'one result', 'film-2 en-US DEFAULT 1', (e) => (e.results[0]!.slug = 'film-2')],
    ['a text about another film', 'right result', 'job-1', (e) => (e.results[0]!.text = 'About Film 2.')],
    ['a movie that exists twice', 'one slug', 'film-1', (e) => e.movieSlugs.push('film-1')],
    ['a person who exists twice', 'one slug', 'film-1', (e) => e.personSlugs.push('film-1')],
    [
      'DONE that became IN_PROGRESS again',
      'final is final',
      'job-1',
      (e) => e.observed.set('job-1', ['DONE', 'IN_PROGRESS', 'DONE']),
    ],
    [
      'FAILED that was published for a job now DONE',
      'final is final',
      'job-1',
      (e) => e.observed.set('job-1', ['FAILED']),
    ],
    [
      'a return to PENDING that nothing explains',
      'forwards',
      'job-1',
      (e) => e.observed.set('job-1', ['IN_PROGRESS', 'PENDING', 'DONE']),
    ],
    [
      'FAILED before the last try',
      'all tries',
      'job-3',
      (e) => {
        setRow(e, failedRow(3, { history: outcomes('FAILED', 'CRASHED', 'FAILED') }));
        e.calls.set('Film 3', 3);
      },
    ],
    ['a crash that was counted but not recorded', 'all tries', 'job-2', (e) => (e.rows[1]!.crashes = 1)],
    ['a job accepted with other tries than set', 'all tries', 'job-1', (e) => (e.rows[0]!.max_attempts = 5)],
    ['too many model calls', 'model calls', 'Film 1', (e) => e.calls.set('Film 1', 2)],
    ['a model call for a job nobody accepted', 'model calls', 'Film 9', (e) => e.calls.set('Film 9', 1)],
    [
      'more tries than allowed',
      'model calls',
      'job-3',
      (e) => setRow(e, failedRow(3, { history: outcomes('FAILED', 'FAILED', 'FAILED', 'FAILED', 'CRASHED') })),
    ],
    ['a missing failed_jobs row', 'failed jobs', 'job-3', (e) => (e.failedJobs = [])],
    ['a doubled failed_jobs row', 'failed jobs', 'job-3', (e) => e.failedJobs.push(e.failedJobs[0]!)],
    [
      'a failed_jobs row of a job that is DONE',
      'failed jobs',
      'job-1',
      (e) => (e.failedJobs[1] = { job_id: 'job-1', written_by: '1' }),
    ],
    [
      'a webhook that was accepted and is gone',
      'subscribed',
      'job-1',
      (e) => (e.subscribed = [['job-1', 'http://hook/9']]),
    ],
    ['an ending nobody was told of', 'one ending', 'job-1', (e) => (e.deliveries = e.deliveries.slice(2))],
    ['an ending told twice', 'one ending', 'job-1', (e) => e.deliveries.push(delivery(1, { id: 'again' }))],
    [
      'a job told to be completed and to be cancelled',
      'one ending',
      'job-1',
      (e) => e.deliveries.push(delivery(1, { event: 'job.cancelled' })),
    ],
    ['a DONE job told as failed', 'one ending', 'job-1', (e) => (e.deliveries[1]!.event = 'job.failed')],
    [
      'an ending told of a job that is not finished',
      'one ending',
      'job-1',
      (e) => setRow(e, doneRow(1, { status: 'IN_PROGRESS', result: null })),
    ],
    ['an ending nobody wanted', 'one ending', 'job-1', (e) => (e.webhooks[0]!.events = ['job.started'])],
    ['an ending of a run that never was', 'one ending', 'job-1', (e) => e.deliveries.push(delivery(1, { run: 2 }))],
    ['an earlier run told to be completed', 'one ending', 'job-2', (e) => (e.deliveries[2]!.event = 'job.completed')],
    ['a message given up', 'told', 'job.completed 1 of 1', (e) => (e.deliveries[1]!.status = 'FAILED')],
    ['a message that waits for ever', 'told', 'job.completed 1 of 1', (e) => (e.deliveries[1]!.status = 'PENDING')],
    ['a message that only the sender knows of', 'told', 'job.completed 1 of 1', (e) => (e.taken = new Set())],
    ['a failed_jobs row of another transaction', 'failed jobs', 'job-3', (e) => (e.failedJobs[0]!.written_by = '4')],
  ];

  it.each(FORGED)('notices %s', (_, invariant, of, forge) => {
    const evidence = good();
    forge(evidence);
    expect(breaches(evidence)).toContainEqual(expect.objectContaining({ invariant, of }));
  });

  describe('explicit retries', () => {
    const tried = (...list: [outcome: 'DONE' | 'FAILED' | 'CRASHED', attempt: number][]) =>
      list.map(([outcome, attempt]) => ({ outcome, attempt }));
    const failedThrice = tried(['FAILED', 1], ['FAILED', 2], ['FAILED', 3]);
    /** Failed for good, retried by a client, done at the second try. */
    const retriedOnce = (): Evidence => {
      const evidence = good();
      setRow(evidence, doneRow(1, { attempts: 2, history: [...failedThrice, ...tried(['FAILED', 1], ['DONE', 2])] }));
      evidence.calls.set('Film 1', 5);
      evidence.observed.set('job-1', ['FAILED', 'PENDING', 'IN_PROGRESS', 'DONE']);
      evidence.retried = new Map([['job-1', 1]]);
      return evidence;
    };
    const said = (forge: (evidence: Evidence) => unknown) => {
      const evidence = retriedOnce();
      forge(evidence);
      return breaches(evidence).map(({ invariant }) => invariant);
    };

    it('explain a FAILED job that ran again, with fresh tries', () => {
      expect(said(() => undefined)).toEqual([]);
      expect(said((e) => e.observed.set('job-1', ['FAILED', 'DONE']))).toEqual([]);
      expect(said((e) => e.observed.set('job-1', ['FAILED']))).toEqual([]);
    });

    it('explain a run that five crashes had ended', () => {
      const five = tried(...Array.from({ length: 5 }, (): ['CRASHED', 1] => ['CRASHED', 1]));
      const history = [...five, ...tried(['DONE', 1])];
      expect(said((e) => setRow(e, doneRow(1, { history })))).toEqual([]);
    });

    it('do not explain one that nobody asked for', () => {
      expect(said((e) => (e.retried = new Map()))).toEqual(['final is final', 'all tries']);
      const twice = [...failedThrice, ...failedThrice, ...tried(['DONE', 1])];
      expect(said((e) => setRow(e, doneRow(1, { history: twice })))).toContain('all tries');
    });

    it('do not explain another final state that changed, nor FAILED twice', () => {
      expect(said((e) => e.observed.set('job-1', ['CANCELLED', 'DONE']))).toEqual(['final is final']);
      expect(said((e) => e.observed.set('job-1', ['FAILED', 'PENDING', 'FAILED', 'DONE']))).toEqual(['final is final']);
    });

    it('do not excuse more calls than the tries of all runs', () => {
      expect(said((e) => e.calls.set('Film 1', 6))).toEqual(['model calls']);
    });

    it('give all the tries again', () => {
      const early = failedRow(3, { history: [...failedThrice, ...tried(['FAILED', 1])], crashes: 0 });
      expect(
        said((e) => {
          setRow(e, early);
          e.retried!.set('job-3', 1);
          e.observed.delete('job-3');
        }),
      ).toEqual(['all tries']);
    });
  });

  describe('what the model has spent', () => {
    const used = (outcome: 'DONE' | 'FAILED' | 'CRASHED', input_tokens: number) => ({ outcome, input_tokens });
    const spending = (history: LedgerRow['history'], tokens: number): Evidence => {
      const evidence = { ...good(), tokens, spent: new Map([['Film 1', 444]]) };
      setRow(evidence, doneRow(1, { history, tokens }));
      return evidence;
    };
    const saidOf = (evidence: Evidence) =>
      breaches(evidence).flatMap(({ invariant, of }) => (invariant === 'tokens counted' ? [of] : []));

    it('is what is counted', () => {
      expect(saidOf(spending([used('DONE', 444)], 444))).toEqual([]);
      expect(saidOf(spending([used('FAILED', 222), used('DONE', 222)], 444))).toEqual([]);
      expect(saidOf(spending([used('DONE', 443)], 443))).toEqual(['Film 1']);
      expect(saidOf(spending([used('DONE', 445)], 445))).toEqual(['Film 1']);
    });

    it('is told by the job, by its tries and to operators alike', () => {
      expect(saidOf(spending([used('FAILED', 100), used('DONE', 444)], 444))).toEqual(['job-1']);
      expect(saidOf({ ...spending([used('DONE', 444)], 444), tokens: 888 })).toEqual(['all jobs']);
    });

    it('may be an answer more for each worker that was killed, and never less', () => {
      const killed = used('CRASHED', 444);
      const saidOfSpent = (tries: LedgerRow['history'], tokens: number, made: number) =>
        saidOf({ ...spending(tries, tokens), spent: new Map([['Film 1', made]]) });
      expect(saidOfSpent([{ outcome: 'CRASHED' }, used('DONE', 444)], 444, 888)).toEqual([]);
      expect(saidOfSpent([killed, used('DONE', 444)], 888, 888)).toEqual([]);
      expect(saidOfSpent([killed, used('DONE', 444)], 888, 3 * 444)).toEqual([]);
      expect(saidOfSpent([killed, used('DONE', 444)], 888, 4 * 444)).toEqual(['Film 1']);
      expect(saidOfSpent([{ outcome: 'CRASHED' }, used('DONE', 888)], 888, 444)).toEqual(['Film 1']);
      expect(saidOfSpent([used('FAILED', 444), used('DONE', 444)], 888, 3 * 444)).toEqual(['Film 1']);
    });
  });

  it('asks for no message that a webhook did not want', () => {
    const evidence = good();
    evidence.webhooks[0]!.events = ['job.failed'];
    evidence.deliveries = evidence.deliveries.slice(2);
    expect(breaches(evidence)).toEqual([]);
  });

  it('notices two jobs that share one result', () => {
    const evidence = good();
    setRow(evidence, doneRow(2, { result: evidence.rows[0]!.result }));
    expect(breaches(evidence).filter(({ detail }) => detail.includes('shares result'))).toHaveLength(2);
  });

  it('allows five crashes to end a job with tries left', () => {
    const evidence = good();
    const error = { type: 'WORKER_CRASHED' as const, message: 'lost', retryable: true, attempt: 1 };
    const history = outcomes('CRASHED', 'CRASHED', 'CRASHED', 'CRASHED', 'CRASHED');
    setRow(evidence, failedRow(3, { attempts: 0, crashes: 5, history, error }));
    expect(breaches(evidence)).toEqual([]);
  });
});
