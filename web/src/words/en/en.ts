import { frame } from './frame.ts';
import { read } from './read.ts';

export const en = { frame, read };
