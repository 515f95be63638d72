import { cleanedTitle } from './cleaned.js';
import { namesIn } from './names-in.js';

/** The people whom one entry of a crew names, as they are kept. */
export const peopleIn = (entry: string | null): string[] => namesIn(cleanedTitle(entry));
