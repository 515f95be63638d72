import type { Words } from '../words.ts';
import { frame } from './frame.ts';
import { read } from './read.ts';

export const es: Words = { frame, read };
