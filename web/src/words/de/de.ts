import type { Words } from '../words.ts';
import { ask } from './ask.ts';
import { frame } from './frame.ts';
import { read } from './read.ts';

export const de: Words = { ask, frame, read };
