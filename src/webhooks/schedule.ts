/**
 * Waits between the attempts, in units of WEBHOOK_BACKOFF_MS. With its 5 s: 5 s, 5 min, 30 min, 2 h, 4 h, 6 h, 9 h; the
 * eighth attempt is the last, 21.6 h after the first.
 */
const STEPS = [1, 60, 360, 1440, 2880, 4320, 6480];
export const MAX_ATTEMPTS = STEPS.length + 1;
/** Waits differ by up to a tenth, so that messages that failed together do not come back together; 24 h are kept to. */
const JITTER = 0.1;

/** How long to wait after so many attempts, milliseconds; `null`: that was the last. */
export function waitAfter(attempts: number, unitMs: number, random: () => number = Math.random): number | null {
  const step = STEPS[attempts - 1];
  return step === undefined ? null : step * unitMs * (1 + JITTER * (2 * random() - 1));
}
