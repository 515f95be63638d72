import type { Gate } from './gate.js';
import { endsWithSentence } from './sentences.js';

/** A text that was cut off in the middle of a sentence. */
export const ending: Gate = (text) =>
  endsWithSentence(text.trim())
    ? null
    : 'It ends in the middle of a sentence: write the whole text, and end it with a complete sentence.';
