import type { Words } from '../words.ts';
import { ask } from './ask.ts';
import { frame } from './frame.ts';
import { read } from './read.ts';

export const fr: Words = { ask, frame, read };
