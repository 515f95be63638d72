import type { Gate } from './gate.js';
import { lengthOf } from './words.js';

/** Words that are asked for, and outside of which a text is unfit. Source: an editor's patience with models. */
export const ASKED = { least: 80, most: 200 };
export const BOUNDS = { least: 50, most: 320 };
/** Code units of the longest text that may have so many words; more than this no other gate looks at. */
const MOST_UNITS = 5000;
export const isEndless = (text: string) => text.length > MOST_UNITS;

const asked = `write ${ASKED.least} to ${ASKED.most} words (two Japanese or Chinese characters count as one)`;

/**
 * A text that says too little, or does not stop. The words of one without end are not counted: finding those of
 * 256 000 Thai letters took minutes.
 */
export const length: Gate = (text) => {
  if (isEndless(text)) return `It is too long, with a length of more than ${MOST_UNITS} characters: ${asked}.`;
  const words = lengthOf(text);
  if (words < BOUNDS.least) return `It is too short, with a length of ${words} words: ${asked}.`;
  if (words > BOUNDS.most) return `It is too long, with a length of ${words} words: ${asked}.`;
  return null;
};
