import { durability } from './durability.ts';
import { frame } from './frame.ts';
import { lists } from './lists.ts';
import { plot } from './plot.ts';
import { watch } from './watch.ts';

export const en = { frame, durability, lists, plot, watch };
