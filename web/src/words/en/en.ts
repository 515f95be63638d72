import { ask } from './ask.ts';
import { frame } from './frame.ts';

export const en = { ask, frame };
