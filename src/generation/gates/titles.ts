import { folded } from './words.js';

/** What a first sentence says that the text is about. */
export interface Subject {
  title: string;
  year: number;
  /** It begins with a title and a year beside it, it says what this is, or it tells when this came to be. */
  by: 'OPENING' | 'DEFINITION' | 'DATE';
}

/** What a film is called, in folded words. */
export const FILM =
  '(?:film|movie|sequel|prequel|remake|\\p{L}*film|thriller|comedy|drama|western|musical|pelicula|comedia|filme)';

/** "The film is a 2005 remake" names no title, and "Its source is the 1933 film" tells of another one. */
const NO_TITLE = new RegExp(
  "^(?:it|this|he|she|es|er|sie|dies|ce|c'|to|ten|esta?|este|esto|the (?:first|original|model|source))$|^its\\b|" +
    `\\b${FILM}\\b`,
  'u',
);

export const isNoTitle = (words: string): boolean => NO_TITLE.test(folded(words));

/** "Six years after Alien (1979)" is not about Alien. */
const BESIDE = new RegExp(
  '\\b(?:after|before|since|like|unlike|than|nach|vor|seit|wie|als|apres|avant|depuis|comme|' +
    'tras|despues|antes|desde|como|po|przed|od|jak|niz)\\b',
);

/**
 * Whether the title that an opening ends with stands beside what the text is about.
 * A word like "after" begins a title now and then; then no comma follows.
 */
export function isAside(opening: string, after: string): boolean {
  const at = folded(opening.trim()).search(BESIDE);
  return at > 0 || (at === 0 && after.startsWith(','));
}
