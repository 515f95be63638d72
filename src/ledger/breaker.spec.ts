import { afterDoubt, afterMishap, type Breaker, type Mishap } from './breaker.js';

const CLOSED: Breaker = {
  failures: 0,
  refused_job: null,
  refused_at: null,
  counted: null,
  answered_since: null,
  message: null,
  reason: null,
  opened_at: null,
  opened_by: null,
  next_probe_at: null,
  wait_seconds: null,
  probe: null,
};
const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);

let claims = 0;
const mishap = (kind: Mishap['kind'], job: string, more: Partial<Mishap> = {}): Mishap => ({
  kind,
  job,
  claim: `claim-${++claims}`,
  refusedBefore: null,
  isAlone: false,
  now: at(0),
  message: 'The model service answered 401.',
  reason: 'Incorrect API key',
  ...more,
});

/** What each comes to, one after the other. */
function judged(before: Breaker, ...mishaps: Mishap[]) {
  const verdicts: string[] = [];
  let breaker = before;
  for (const one of mishaps) {
    const after = afterMishap(breaker, one);
    breaker = after.breaker;
    verdicts.push(after.verdict);
  }
  return { breaker, verdicts };
}

const OPEN = judged(CLOSED, mishap('refused', 'a'), mishap('refused', 'b')).breaker;

it('opens when two different jobs are turned away with no answer between', () => {
  const { breaker, verdicts } = judged(CLOSED, mishap('refused', 'a'), mishap('refused', 'b'));
  expect(verdicts).toEqual(['wait', 'last']);
  expect(breaker).toMatchObject({
    opened_at: at(0),
    opened_by: 'b',
    next_probe_at: at(30),
    wait_seconds: 30,
    message: 'The model service answered 401.',
    reason: 'Incorrect API key',
  });
});

it('does not open for one job that is turned away again and again while others run', () => {
  const { breaker, verdicts } = judged(CLOSED, ...[1, 2, 3, 4].map(() => mishap('refused', 'a')));
  expect(verdicts).toEqual(['wait', 'wait', 'wait', 'wait']);
  expect(breaker.opened_at).toBeNull();
});

it('opens for one job when nothing else runs', () => {
  const { breaker, verdicts } = judged(CLOSED, mishap('refused', 'a', { isAlone: true }));
  expect(verdicts).toEqual(['last']);
  expect(breaker).toMatchObject({ opened_by: 'a', next_probe_at: at(30) });
});

it.each([false, true])('takes it for the job’s own failure when others succeed in between; alone: %s', (isAlone) => {
  const answered = { ...CLOSED, answered_since: at(10) };
  const { breaker, verdicts } = judged(answered, mishap('refused', 'a', { refusedBefore: at(5), isAlone }));
  expect(verdicts).toEqual(['own']);
  expect(breaker.opened_at).toBeNull();
});

it('takes an answer to a call that began before for no sign that the key is right', () => {
  const answered = { ...CLOSED, answered_since: at(4) };
  expect(judged(answered, mishap('refused', 'a', { refusedBefore: at(5) })).verdicts).toEqual(['wait']);
});

it('opens for a second job also when the first has been turned away before', () => {
  const answered = { ...CLOSED, answered_since: at(10), refused_job: 'b' };
  expect(judged(answered, mishap('refused', 'a', { refusedBefore: at(5) })).verdicts).toEqual(['last']);
});

it('opens after five failures in a row, whosever they are, and counts the first four as tries', () => {
  const { breaker, verdicts } = judged(CLOSED, ...['a', 'a', 'b', 'a', 'b'].map((job) => mishap('away', job)));
  expect(verdicts).toEqual(['try', 'try', 'try', 'try', 'doubt']);
  const after = afterDoubt(breaker, mishap('away', 'b'));
  expect(after).toMatchObject({ verdict: 'last', breaker: { opened_at: at(0), opened_by: 'b', failures: 0 } });
  expect(afterDoubt(after.breaker, mishap('away', 'c')).verdict).toBe('held');
});

it('does not open after five failures when an answer of the same time has begun the count anew', () => {
  const doubtful = judged(CLOSED, ...['a', 'b', 'c', 'd', 'e'].map((job) => mishap('away', job))).breaker;
  const { breaker, verdict } = afterDoubt({ ...doubtful, failures: 0 }, mishap('away', 'e'));
  expect([verdict, breaker.opened_at]).toEqual(['try', null]);
});

it('counts no try of a call that fails while it is open, and does not wait longer for it', () => {
  const { breaker, verdicts } = judged(OPEN, mishap('away', 'c', { now: at(20) }), mishap('refused', 'd'));
  expect(verdicts).toEqual(['held', 'held']);
  expect(breaker).toMatchObject({ next_probe_at: at(30), wait_seconds: 30 });
});

it('waits twice as long after each probe that fails, up to five minutes, and has others probe before that job', () => {
  let breaker = OPEN;
  const waits = ['c', 'd', 'e', 'f', 'g'].map((job, n) => {
    const probe = mishap('away', job, { now: at(1000 * n), message: 'The model did not answer in time.' });
    const after = afterMishap({ ...breaker, probe: probe.claim }, probe);
    breaker = after.breaker;
    expect(after.verdict).toBe('last');
    expect(breaker).toMatchObject({ opened_at: at(0), opened_by: 'b', message: 'The model did not answer in time.' });
    return (breaker.next_probe_at!.getTime() - at(1000 * n).getTime()) / 1000;
  });
  expect(waits).toEqual([60, 120, 240, 300, 300]);
});

it('counts the trouble of a claim once, however often it is told', () => {
  const [away, refused] = [mishap('away', 'a'), mishap('refused', 'a')];
  expect(judged(CLOSED, ...Array.from({ length: 9 }, () => away))).toMatchObject({
    breaker: { failures: 1 },
    verdicts: Array.from({ length: 9 }, () => 'try'),
  });
  const second = mishap('refused', 'b');
  expect(judged(CLOSED, refused, refused, second, second).verdicts).toEqual(['wait', 'wait', 'last', 'last']);
});
