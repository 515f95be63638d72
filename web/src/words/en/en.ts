import { ask } from './ask.ts';
import { frame } from './frame.ts';
import { read } from './read.ts';
import { watch } from './watch.ts';

export const en = { ask, frame, read, watch };
