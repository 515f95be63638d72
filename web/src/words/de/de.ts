import type { Words } from '../words.ts';
import { ask } from './ask.ts';
import { durability } from './durability.ts';
import { frame } from './frame.ts';
import { lists } from './lists.ts';
import { plot } from './plot.ts';
import { read } from './read.ts';
import { watch } from './watch.ts';

export const de: Words = { ask, durability, frame, lists, plot, read, watch };
