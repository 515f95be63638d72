/**
 * Every kind of trouble that a model's service can be in, or have with us.
 *
 * - `rate-limited`: too many calls for now; `loading`: the model is not in memory yet. Both pass by waiting.
 * - `key`: it does not let us in; `quota`: what was paid for is used up; `unknown-model`: no such model or address.
 *   These three are no fault of a job.
 * - `capability`: it does not know a part of what it was asked; the same can be asked in a simpler form.
 * - `filtered`: a filter stopped question or answer; `refused`: the model itself does not want to.
 * - `slip`: the model wrote what the service cannot use; `broken`: no answer, half of one, or an error of its own.
 * - `request`: it finds this one question wrong, and would do so again.
 */
export const TROUBLES = [
  'rate-limited',
  'loading',
  'key',
  'quota',
  'unknown-model',
  'capability',
  'filtered',
  'refused',
  'slip',
  'broken',
  'request',
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** What a failed call told. */
export interface Trouble {
  kind: TroubleKind;
  /** HTTP status, also one told inside a 200; `null`: none came. */
  status: number | null;
  /** The wait that was asked for, milliseconds, at most MAX_RETRY_AFTER_MS; `null`: none was. */
  waitMs: number | null;
  /** The service's own words for operators: one line, capped, without keys. Empty: it said nothing. */
  reason: string;
}
