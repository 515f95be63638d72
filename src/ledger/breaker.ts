/** Failures in a row that open a breaker: no answer, half of one, or an error of the service itself. */
const FAILURES = 5;
/** How long an open breaker waits for its first probe, and the longest wait for one, milliseconds. */
const PROBES = { firstMs: 30_000, longestMs: 300_000 };

/** What the workers know together of a model. */
export interface Breaker {
  /** Failures in a row. */
  failures: number;
  /** The job that the service turned away since it answered last; `null`: none. */
  refused_job: string | null;
  /** When it last turned one away. */
  refused_at: Date | null;
  /** The claim whose trouble was counted last. An answer of the database may be lost, and the same be told twice. */
  counted: string | null;
  /** When the latest call began of those that were answered while something was wrong. */
  answered_since: Date | null;
  /** What clients are told, and the service's own words for operators. */
  message: string | null;
  reason: string | null;
  /** `null`: it is closed, the model is asked. */
  opened_at: Date | null;
  /** The job whose trouble opened it. */
  opened_by: string | null;
  next_probe_at: Date | null;
  /** The wait for the next probe, seconds. */
  wait_seconds: number | null;
  /** The claim that probes, or probed last. */
  probe: string | null;
}

/** What happened to a job, and what the ledger knows of that moment. */
export interface Mishap {
  /** `refused`: the service turned us away, which is no fault of a job. `away`: it did not answer as it should. */
  kind: 'refused' | 'away';
  job: string;
  /** The token of its claim. */
  claim: string;
  /** When the same job was turned away first; `null`: it was not before. */
  refusedBefore: Date | null;
  /** Whether nothing else runs. */
  isAlone: boolean;
  now: Date;
  message: string;
  reason: string | null;
}

/**
 * What it means for the job:
 * - `try`: a try has failed;
 * - `wait`: nobody knows yet whose fault it is: it is asked again a little later, and no try is counted;
 * - `held`: the model is held, no try is counted. `last`: the same, and others probe before it;
 * - `own`: it is this job's own failure;
 * - `doubt`: it is one failure too many, unless answers of the same time are on their way.
 */
export type Verdict = 'try' | 'wait' | 'held' | 'last' | 'own' | 'doubt';

interface Judged {
  breaker: Breaker;
  verdict: Verdict;
}

/** The rules of the breaker. */
export function afterMishap(before: Breaker, mishap: Mishap): Judged {
  if (before.counted === mishap.claim) return { breaker: before, verdict: verdictAgain(before, mishap) };
  const breaker = { ...before, counted: mishap.claim };
  if (before.opened_at) return before.probe === mishap.claim ? probed(breaker, mishap) : { breaker, verdict: 'held' };
  return mishap.kind === 'away' ? away(breaker) : refused({ ...breaker, refused_at: mishap.now }, mishap);
}

function verdictAgain(before: Breaker, { job, claim, kind }: Mishap): Verdict {
  const { opened_at, opened_by, probe } = before;
  if (opened_at) return opened_by === job || probe === claim ? 'last' : 'held';
  if (kind === 'refused') return 'wait';
  return isAway(before) ? 'doubt' : 'try';
}

function away(before: Breaker): Judged {
  const breaker = { ...before, failures: before.failures + 1 };
  return { breaker, verdict: isAway(breaker) ? 'doubt' : 'try' };
}

const isAway = ({ failures }: Breaker) => failures >= FAILURES;

/**
 * The rules once more, a moment after a `doubt`. Failures are told at once, and answers when they are stored. So those
 * of the same time have come by now, and have begun the count anew.
 */
export function afterDoubt(breaker: Breaker, mishap: Mishap): Judged {
  if (breaker.opened_at) return { breaker, verdict: 'held' };
  return isAway(breaker) ? opened(breaker, mishap) : { breaker, verdict: 'try' };
}

function refused(breaker: Breaker, mishap: Mishap): Judged {
  const { refused_job, answered_since } = breaker;
  if (refused_job !== null && refused_job !== mishap.job) return opened(breaker, mishap);
  // A call that began after this job had been turned away was answered: so it is the job, and not the key.
  const othersSucceed = mishap.refusedBefore && answered_since && answered_since > mishap.refusedBefore;
  if (othersSucceed) return { breaker, verdict: 'own' };
  if (mishap.isAlone) return opened(breaker, mishap);
  return { breaker: { ...breaker, refused_job: mishap.job }, verdict: 'wait' };
}

function opened(before: Breaker, { job, now, message, reason }: Mishap): Judged {
  const told = { message, reason, opened_at: now, opened_by: job };
  const breaker = { ...before, failures: 0, refused_job: null, ...told, probe: null, ...probeIn(PROBES.firstMs, now) };
  return { breaker, verdict: 'last' };
}

function probed(breaker: Breaker, { now, message, reason }: Mishap): Judged {
  const waitMs = Math.min(2 * breaker.wait_seconds! * 1000, PROBES.longestMs);
  return { breaker: { ...breaker, message, reason, ...probeIn(waitMs, now) }, verdict: 'last' };
}

const probeIn = (waitMs: number, now: Date) => ({
  wait_seconds: waitMs / 1000,
  next_probe_at: new Date(now.getTime() + waitMs),
});
