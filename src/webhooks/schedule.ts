import { jittered } from '../timing/backoff.js';

/**
 * Waits between the attempts, in units of WEBHOOK_BACKOFF_MS. With its 5 s: 5 s, 5 min, 30 min, 2 h, 4 h, 7 h, 10 h.
 * The eighth attempt is the last, 23.6 h after the first: within a day (source: the contract).
 */
const STEPS = [1, 60, 360, 1440, 2880, 5040, 7200];
export const MAX_ATTEMPTS = STEPS.length + 1;
/** Waits differ by up to a tenth, so that messages that failed together do not come back together. */
const JITTER = 0.1;

/** When the next attempt is made, and how many count as begun by then. */
interface Next {
  waitMs: number;
  attempts: number;
}

/**
 * What follows after so many attempts; `null`: that was the last. A receiver may ask for a longer wait, but not for a
 * shorter one, nor beyond the end of the schedule. Attempts that would have been made meanwhile are left out, so that
 * it still ends in a day.
 * @param unitMs WEBHOOK_BACKOFF_MS
 * @param askedMs the wait that the receiver asked for; 0: none
 */
export function nextAfter(attempts: number, unitMs: number, askedMs: number, random = Math.random): Next | null {
  const planned = waitAfter(attempts, unitMs, random);
  if (planned === null || askedMs <= planned) return planned === null ? null : { waitMs: planned, attempts };
  const left = restOf(attempts - 1) * unitMs;
  const waitMs = Math.max(planned, Math.min(askedMs, left));
  const counts = (begun: number) => waitMs + restOf(begun) * unitMs <= left || begun === STEPS.length;
  const begun = [...STEPS.keys()].map((n) => n + 1).find((n) => n >= attempts && counts(n))!;
  return { waitMs, attempts: begun };
}

/** The part of the schedule after so many waits, in units. */
const restOf = (waits: number) => STEPS.slice(waits).reduce((sum, step) => sum + step, 0);

/** How long to wait after so many attempts, milliseconds; `null`: that was the last. */
function waitAfter(attempts: number, unitMs: number, random: () => number = Math.random): number | null {
  const step = STEPS[attempts - 1];
  return step === undefined ? null : jittered(step * unitMs, JITTER, random());
}
