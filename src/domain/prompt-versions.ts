import { createHash } from 'node:crypto';

/**
 * The versions of what a model is told; src/generation/prompts/ has what each says. One that texts were written with
 * is not changed any more: a change is a version of its own.
 */
export const PROMPT_VERSIONS = ['v1', 'v2'] as const;
export type PromptVersion = (typeof PROMPT_VERSIONS)[number];
export const DEFAULT_PROMPT: PromptVersion = 'v1';

/** What versions look like in answers; texts keep those that this program does not have any more. */
export const PROMPT_FORM = { type: String, pattern: '^v[1-9][0-9]{0,3}$', minLength: 2, maxLength: 5 };

/** A version that a share of the jobs is asked with. */
export interface Canary {
  version: PromptVersion;
  /** Of all jobs: 0..100. */
  percent: number;
}

/** The versions that jobs are asked with. */
export interface PromptChoice {
  version: PromptVersion;
  /** `null`: all jobs take the same one. */
  canary: Canary | null;
}

/** One more than the largest number that four bytes hold. */
const ALL = 2 ** 32;

/**
 * The version of a job. It rests on the id alone, so that a further try asks as the first one did, in whatever process.
 * The id is hashed, because its own first bytes are a time.
 */
export function promptVersionOf(jobId: string, { version, canary }: PromptChoice): PromptVersion {
  if (canary === null) return version;
  const place = createHash('sha256').update(jobId).digest().readUInt32BE(0) / ALL;
  return place * 100 < canary.percent ? canary.version : version;
}
