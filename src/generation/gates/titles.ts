import type { Kind } from '../../domain/kinds.js';
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

/** In small letters: "the sequel to Alien (1979)" is not Alien, and "the sequel Aliens" is Aliens. */
const OF = "(?: \\p{Ll}+)* (?:(?:to|of|in|from|on|by|de|du|des|del|von|zu|zum|que|en|filmu) |d')";
const START = '^(?:in the|in den|dans les|en los|w ostatnich) (?:\\p{Ll}+ )?';
/**
 * What a film is to another work, and somebody to somebody else. Polish has cases instead of a word after it.
 * In small letters, but for German nouns: "The Spirit of the Beehive" is a title.
 */
const RELATIONS = {
  TITLE: [
    `(?:sequel|prequel|follow-?up|successor|remake|reboot|version|adaptation|adapted|based|inspired)${OF}`,
    `(?:survivors?|events|wake|spirit|tradition|director|star|maker|writer|author)${OF}`,
    `(?:suite|remake|rescapée?|adaptation|adaptée?|inspirée?|tirée?|réalisat(?:eur|rice))${OF}`,
    `(?:Fortsetzung|Vorgeschichte|Neuverfilmung|Remake|Überlebende|Regisseur(?:in)?)${OF}`,
    `(?:secuela|precuela|adaptación|basad[oa]|inspirad[oa]|superviviente|directora?)${OF}`,
    '(?:kontynuacj|adaptacj|ekranizacj|opart|reżyser|twórc)\\p{L}* ',
    `${START}(?:days|weeks|Tagen|Wochen|jours|semaines|días|dniach|tygodniach) `,
  ],
  NAME: [
    `(?:son|daughter|brother|sister|wife|husband|widow|nephew|niece)${OF}`,
    `(?:fils|fille|frère|sœur|épouse|mari|veuve)${OF}`,
    `(?:Sohn|Tochter|Bruder|Schwester|Ehefrau|Ehemann|Witwe)${OF}`,
    `(?:hij|herman|espos|viud)[ao]${OF}`,
    '(?:syn|córka|brat|siostra|żona|mąż|wdowa) ',
  ],
};
const related = (forms: string[]) => new RegExp(`(?<!\\p{L})(?:${forms.join('|')})`, 'u');
const RELATED = { TITLE: related(RELATIONS.TITLE), NAME: related(RELATIONS.NAME) };
/** "Loosely tied to Alien (1979), this thriller …" */
const THIS = /^, (?:this|diese[rs]?|cet(?:te)?|ce|est[ea]|ten|ta)(?! time| fois| vez)(?![a-z])/;

/** Whether what an opening ends with is in some relation to what the text is about, and is not it. */
export function isRelated(opening: string, after: string, called: Kind['called']): boolean {
  const small = opening.replace(/^\p{Lu}/u, (first) => first.toLowerCase());
  return RELATED[called].test(small) || THIS.test(folded(after));
}
