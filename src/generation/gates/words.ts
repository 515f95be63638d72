import type { GateContext } from './gate.js';

/** Scripts whose words are not set apart by spaces, and that are counted by characters. */
const CHARACTER = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]';
const CHARACTERS = new RegExp(CHARACTER, 'gu');
const WORDS = new RegExp(`${CHARACTER}|(?:(?!${CHARACTER})[\\p{L}\\p{N}])+`, 'gu');
/** A Japanese or Chinese word has about two characters. */
const CHARACTERS_OF_A_WORD = 2;

/** Without case and accents, with one kind of apostrophe: so patterns need one spelling only. */
export const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’‘ʼ´]/g, "'")
    .replaceAll('ł', 'l')
    .replaceAll('ß', 'ss');

/** Scripts whose words stand together without spaces, and that a dictionary takes apart. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SEGMENTER = new Intl.Segmenter('th', { granularity: 'word' });
const spaced = (text: string) =>
  UNSPACED.test(text) ? Array.from(SEGMENTER.segment(text), ({ segment }) => segment).join(' ') : text;

/** Folded words; a Japanese or Chinese character is one. */
export const wordsOf = (text: string): string[] => folded(spaced(text)).match(WORDS) ?? [];

/** Whether one of the names is in a text, word by word. */
export const hasName = (text: string, names: string[]): boolean =>
  names.some((name) => ` ${wordsOf(text).join(' ')} `.includes(` ${wordsOf(name).join(' ')} `));

/** Words between spaces; two Japanese or Chinese characters count as one. */
export function lengthOf(text: string): number {
  const characters = text.match(CHARACTERS)?.length ?? 0;
  const words = spaced(characters > 0 ? text.replace(CHARACTERS, ' ') : text).split(/\s+/);
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length + Math.ceil(characters / CHARACTERS_OF_A_WORD);
}

/** All runs of `size` words. */
export function runsOf(words: string[], size: number): Set<string> {
  const runs = new Set<string>();
  for (let start = 0; start + size <= words.length; start++) runs.add(words.slice(start, start + size).join(' '));
  return runs;
}

/** Shorter names are words too: a film is called "I", another "It". */
const SHORTEST_NAME = 5;
const escaped = (name: string) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Most gates look at the same text without names, and taking them out is the dearest part of it. */
const nameless = new WeakMap<GateContext, { text: string; rest: string }>();

/** A text with a letter in place of the names of those it is about: a title may look like anything. */
export function withoutNames(text: string, context: GateContext): string {
  const before = nameless.get(context);
  if (before?.text === text) return before.rest;
  const rest = takenOut(text, context);
  nameless.set(context, { text, rest });
  return rest;
}

function takenOut(text: string, { names, known }: GateContext): string {
  const letters = lowered(text);
  const isThere = (name: string) => letters.includes(lowered(partsOf(name)[0] ?? name));
  const long = [...names, ...known].map((name) => name.trim()).filter((name) => isLong(name) && isThere(name));
  if (long.length === 0) return text;
  const longestFirst = long.sort((one, other) => other.length - one.length).flatMap(spellingsOf);
  return text.replace(new RegExp(longestFirst.join('|'), 'giu'), 'X');
}

/** Spaces and signs. By ranges: classes of Unicode take milliseconds to compile where case does not count. */
const BETWEEN = '[\\s!-/:-@\\[-`{-~\\u00a0-\\u00bf\\u2000-\\u206f\\u3000-\\u303f]{1,3}';

/** Letters by which a pattern finds a word in whatever case. Patterns know one small sigma, and no long s. */
const lowered = (text: string) => text.toLowerCase().replace(/ς/g, 'σ').replace(/ſ/g, 's');

const partsOf = (name: string): string[] => name.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** As it is, and with other signs between its words: models leave out a comma or a colon. */
function spellingsOf(name: string): string[] {
  const words = partsOf(name);
  return [escaped(name), ...(words.length > 1 ? [words.join(BETWEEN)] : [])];
}

const isLong = (name: string) => name.length >= SHORTEST_NAME || /\S\s+\S/.test(name);

const QUOTES =
  /[“„”][^“”„]{1,400}[”“]|«[^«»]{1,400}»|»[^«»]{1,400}«|"[^"]{1,400}"|‘[^’]{2,400}’(?!\p{L})|「[^」]*」|『[^』]*』/gu;
/** Speech between dashes, as Spanish, French and Polish set it: "—No puedo ayudarle —dice el portero." */
const SPEECH = /[—–] ?[¿¡]?\p{Lu}[^—–\n]{1,300}[—–] ?(?=\p{Ll})/gu;

/** What is left without what others say in it. A text that is quoted as a whole is no quotation. */
export function withoutQuotes(text: string): string {
  const rest = text.replace(QUOTES, ' ').replace(SPEECH, ' ');
  return lengthOf(rest) >= lengthOf(text) / 4 ? rest : text;
}

/** After a name within a sentence, or before what nobody says of himself. A sentence may begin "Unfortunately I". */
const NUMERAL = /(?<=[\p{L}\p{N},] \p{Lu}\p{Ll}{1,30} )I(?!\p{L}|['’](?!s\b))|(?<=\p{Ll} )I(?= (?:is|has|does)\b)/gu;

/** What is left without the "I" of "World War I" and "Elizabeth I", which says nothing of the writer. */
export const withoutNumerals = (text: string): string => text.replace(NUMERAL, '');
