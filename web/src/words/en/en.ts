import { ask } from './ask.ts';
import { frame } from './frame.ts';
import { read } from './read.ts';

export const en = { ask, frame, read };
