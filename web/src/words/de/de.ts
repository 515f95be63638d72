import type { Words } from '../words.ts';
import { durability } from './durability.ts';
import { frame } from './frame.ts';
import { lists } from './lists.ts';
import { plot } from './plot.ts';
import { watch } from './watch.ts';

export const de: Words = { frame, durability, lists, plot, watch };
