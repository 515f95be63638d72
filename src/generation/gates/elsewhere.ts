import { type EntityKind, KINDS } from '../../domain/kinds.js';
import { isLatin } from '../../domain/slug.js';
import { yearsAgree } from '../../domain/years.js';
import type { Gate, GateContext } from './gate.js';
import { sentencesOf } from './sentences.js';
import { folded, wordsOf } from './words.js';

/** What a first sentence says that the text is about. */
interface Subject {
  title: string;
  year: number;
  /** It says what this is, and does not only begin with it. */
  defined: boolean;
}

const BRACKET = new RegExp(
  '^["“„«»‘]?(?<title>[^.!?()\\n"“”„«»]{1,80}?)["”“»«’]?,? \\((?<inside>[^()]{2,60})\\)(?<after>.{0,8})',
  'u',
);
const RELEASED = /(?:^|[,;] )(?<year>(?:18|19|20)\d\d)$/;
const BORN =
  /(?:\b(?:born|b\.|ur\.|urodzon[ya]|geb\.|geboren|ne|nee|nacid[oa]|n\.) |\*)[^()]*?\b(?<year>1\d\d\d|20\d\d)\b/;
const IS = /^ (?:is|was|ist|war|to|jest|byl|est|etait|es|fue|era)\b/;
/** "Six years after Alien (1979)" is not about Alien. */
const ASIDE = new RegExp(
  '\\b(?:after|before|since|like|unlike|than|nach|vor|seit|wie|als|apres|avant|depuis|comme|' +
    'tras|despues|antes|desde|como|po|przed|od|jak|niz)\\b',
);
/** "In Alien (1979), …" may be what a text about Aliens begins with. */
const INSIDE = /^(?:in|im|dans|en|w|na|at|on|with|during) /;

const FILM = '(?:film|movie|sequel|prequel|remake|\\p{L}*film|thriller|comedy|drama|western|musical|pelicula|comedia)';
const YEAR = '(?<year>(?:18|19|20)\\d\\d)';
/** "Aliens is a film … from 1986", in folded words of each language. */
const is = (verb: string, article: string, of: string) =>
  `^(?<title>.{1,80}?) (?:${verb}) (?:${article})[^.,]{0,60}?\\b${FILM}\\b[^.,]{0,40} (?:${of}) ${YEAR}`;
const DEFINITIONS = [
  `^(?<title>.{1,80}?) (?:is|was) an? ${YEAR} (?:[\\p{L}-]+ ){0,6}${FILM}`,
  is('is|was', 'an?|the', 'from|released in|made in'),
  is('ist|war', 'eine?|der|die|das', 'von|aus dem jahre?|des jahres'),
  is('to jest|to|jest', '', 'z|z roku'),
  is('est|etait', 'une?|le|la', 'de|sortie? en|realisee? en'),
  is('es|fue', 'una?|el|la', 'de|del ano|estrenad[oa] en'),
  `^(?<title>[^,.]{1,60}), (?:the|an?|[^,.]{2,40}'s) ${YEAR} (?:[\\p{L}-]+ ){0,4}${FILM}\\b(?!')`,
].map((form) => new RegExp(form, 'u'));
const QUOTED = '["“„«»‘](?<title>[^"“”„«»\\n]{1,80}?),?["”“»«’]';
/** 'The 1932 film "Grand Hotel"', 'Film „Ludzie w hotelu” z 1932 roku': a mark tells a title from what a film does. */
const NAMED = [
  `^(?:the |der |das |le |la |el )?${FILM} ${QUOTED},? (?:from|of|z|z roku|von|aus dem jahre?|de|sortie? en|` +
    `del ano|` +
    `(?:which was )?released in) ${YEAR}`,
  `^(?:the |le |la |el |der |das )${YEAR}(?:er)? (?:\\p{L}+ ){0,3}?${FILM},? ${QUOTED}`,
].map((form) => new RegExp(form, 'u'));
/** "The film is a 2005 remake" names no title. */
const NO_TITLE = new RegExp(`^(?:it|this|he|she|es|er|sie|dies|ce|c'|to|ten|esta?|este|esto)$|\\b${FILM}\\b`, 'u');

/** A text whose subject, by its title and year, is another film; or somebody else, by name and birth. */
export const elsewhere: Gate = (text, context) => {
  const [first = ''] = sentencesOf(text.trim());
  const subject = subjectOf(first, context);
  if (subject === null || !isOther(subject, first, text, context)) return null;
  return (
    'It is about another one, by the title or name and the year that it begins with: write about the one in ' +
    'the data.'
  );
};

function subjectOf(first: string, { entity, known }: GateContext): Subject | null {
  const { title: opening, inside, after } = BRACKET.exec(first)?.groups ?? {};
  const year = (isTitle(entity) ? RELEASED : BORN).exec(folded(inside ?? '').trim())?.groups!.year;
  if (year && !isAside(opening!, after!) && !nameIn(opening!, known)) {
    return { title: opening!.trim(), year: Number(year), defined: IS.test(folded(after!)) };
  }
  if (!isTitle(entity)) return null;
  const marked = folded(first);
  const named = NAMED.map((form) => form.exec(marked)?.groups).find(Boolean);
  if (named && !nameIn(named.title!, known)) return { title: named.title!, year: Number(named.year), defined: false };
  const plain = folded(first).replace(/["“”„«»]/g, '');
  const definition = DEFINITIONS.map((form) => form.exec(plain)?.groups).find(Boolean);
  const title = definition?.title ?? '';
  if (!definition || NO_TITLE.test(title) || isAside(title, ',') || nameIn(title, known)) return null;
  return { title, year: Number(definition.year), defined: true };
}

const isTitle = (entity: EntityKind) => KINDS[entity].called === 'TITLE';

/** A word like "after" begins a title now and then; then no comma follows. */
function isAside(title: string, after: string): boolean {
  const at = folded(title.trim()).search(ASIDE);
  return at > 0 || (at === 0 && after.startsWith(','));
}

function isOther({ title, year, defined }: Subject, first: string, text: string, { names, year: own }: GateContext) {
  if (!yearsAgree(year, own)) {
    const rest = without(INSIDE.test(folded(title)) ? text : first, title);
    return defined || !nameIn(rest, names);
  }
  // Of a title in another script letters do not tell: it may be a translation.
  if (names.length > 0 && names.every((name) => isLatin(name) !== isLatin(title))) return false;
  return !nameIn(title, names) && !names.some((name) => nameIn(name, [title])) && !nameIn(without(text, title), names);
}

const without = (text: string, title: string) => folded(text).replace(folded(title), ' ');
const nameIn = (text: string, names: string[]) =>
  names.some((name) => ` ${wordsOf(text).join(' ')} `.includes(` ${wordsOf(name).join(' ')} `));
