import type { Gate } from './gate.js';
import { runsOf, wordsOf } from './words.js';

/** As many words in the order of the instructions are no chance. */
const RUN = 7;

/** A text that repeats what the model was told to do. */
export const prompt: Gate = (text, { instructions }) => {
  const told = runsOf(wordsOf(instructions), RUN);
  const repeated = [...runsOf(wordsOf(text), RUN)].some((run) => told.has(run));
  return repeated ? 'It repeats the instructions: follow them, and write about the subject alone.' : null;
};
