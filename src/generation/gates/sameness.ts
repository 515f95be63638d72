import type { Gate } from './gate.js';
import { runsOf, wordsOf } from './words.js';

const RUN = 3;
/**
 * Part of the runs of three words that two texts may share. Texts that were written apart share below 0.1; one of
 * which every fifth word was changed shares about half.
 */
const MOST_SHARED = 0.35;

/** The last version, or another tone's text, once more. */
export const sameness: Gate = (text, { siblings }) =>
  siblings.some((sibling) => overlap(text, sibling) > MOST_SHARED)
    ? 'It is too much like a text that is there already: write it anew, with another beginning and other sentences.'
    : null;

/** Part of the shorter text's runs of words that the other one has too, 0 to 1. */
export function overlap(one: string, other: string): number {
  const [few, many] = [one, other]
    .map((text) => runsOf(wordsOf(text), RUN))
    .sort((runs, others) => runs.size - others.size);
  const shared = [...few!].filter((run) => many!.has(run)).length;
  return few!.size === 0 ? 0 : shared / few!.size;
}
