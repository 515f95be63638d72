import type { Gate } from './gate.js';
import { sentencesOf } from './sentences.js';
import { runsOf, withoutNames, wordsOf } from './words.js';

/** Words of a sentence that nobody writes twice by intention; shorter ones are refrains. */
const LONG = 8;
/** Part of a text that may be said again. */
const MOST_AGAIN = 0.2;
/** Runs of three words: a text that goes in circles has few that differ. */
const RUN = 3;
const LEAST_DIFFERENT = 0.7;

/** One sentence many times, or a few words that go in circles. */
export const repetition: Gate = (text, context) =>
  hasDoubles(text) || goesInCircles(wordsOf(withoutNames(text, context)))
    ? 'It says the same again and again: write every sentence once, and let each say something new.'
    : null;

function hasDoubles(text: string): boolean {
  const seen = new Set<string>();
  let all = 0;
  let again = 0;
  for (const sentence of sentencesOf(text)) {
    const words = wordsOf(sentence);
    const key = words.join(' ');
    all += words.length;
    if (seen.has(key)) again += words.length;
    if (seen.has(key) && words.length >= LONG) return true;
    seen.add(key);
  }
  return again > all * MOST_AGAIN;
}

const goesInCircles = (words: string[]) =>
  words.length > RUN && runsOf(words, RUN).size < (words.length - RUN + 1) * LEAST_DIFFERENT;
