import { jittered, waitAfter } from '../timing/backoff.js';

/** Each wait is three times the one before. Source: the contract. */
const FACTOR = 3;
/** Waits differ by up to a fifth, so that jobs that failed together do not come back together. */
const JITTER = 0.2;

/**
 * How long a job waits after a failed try, milliseconds. With a first wait of 20 s: 20, 60, 180 s … (each ± 20 %).
 * @param attempt the try that failed, from 1
 * @param firstMs GENERATION_BACKOFF_MS
 * @param random 0 ≤ random < 1
 */
export function backOffMs(attempt: number, firstMs: number, random = Math.random()): number {
  return jittered(waitAfter(attempt, { firstMs, factor: FACTOR }), JITTER, random);
}
