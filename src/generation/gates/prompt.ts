import { LRUCache } from 'lru-cache';
import type { Gate } from './gate.js';
import { runsOf, wordsOf } from './words.js';

/** As many words in the order of the instructions are no chance. */
const RUN = 7;

/** Of the instructions that were given lately: many requests differ in nothing else than the subject. */
const told = new LRUCache<string, Set<string>>({ max: 50, memoMethod: (text) => runsOf(wordsOf(text), RUN) });

/** A text that repeats what the model was told to do. */
export const prompt: Gate = (text, { instructions }) => {
  const runs = told.memo(instructions);
  const repeated = [...runsOf(wordsOf(text), RUN)].some((run) => runs.has(run));
  return repeated ? 'It repeats the instructions: follow them, and write about the subject alone.' : null;
};
