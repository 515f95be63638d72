/**
 * Waits between the attempts, in units of WEBHOOK_BACKOFF_MS. With its 5 s: 5 s, 5 min, 30 min, 2 h, 4 h, 7 h, 10 h; the
 * eighth attempt is the last, 23.6 h after the first: a day (source: the contract).
 */
const STEPS = [1, 60, 360, 1440, 2880, 5040, 7200];
export const MAX_ATTEMPTS = STEPS.length + 1;
/** Waits differ by up to a tenth, so that messages that failed together do not come back together. */
const JITTER = 0.1;

/** How long to wait after so many attempts, milliseconds; `null`: that was the last. */
export function waitAfter(attempts: number, unitMs: number, random: () => number = Math.random): number | null {
  const step = STEPS[attempts - 1];
  return step === undefined ? null : step * unitMs * (1 + JITTER * (2 * random() - 1));
}
