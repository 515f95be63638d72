import type { Words } from '../words.ts';
import { frame } from './frame.ts';

export const fr: Words = { frame };
