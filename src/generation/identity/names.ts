import { parseFullName } from 'parse-full-name';

/** A name without titles and nicknames, and what tells relatives of one name apart; '' when nothing does. */
export interface ParsedName {
  text: string;
  suffix: string;
}

/** Written out, or in other languages than the library's. */
const SUFFIXES: [RegExp, string][] = [
  [/[\s,]+(?:junior|fils|the younger|der j[uü]ngere|m[lł]odszy)\.?$/iu, ' Jr.'],
  [/[\s,]+(?:senior|p[eè]re|the elder|der [aä]ltere|starszy)\.?$/iu, ' Sr.'],
];

/**
 * A name as it is used: alone, with a nickname for the first name, and with both. So "Robert 'Bob' De Niro" is Bob De
 * Niro too. Words are in the order in which they are said: "Ozu, Yasujirō" is Yasujirō Ozu.
 */
export function parsedNames(text: string): ParsedName[] {
  const { first, middle, last, nick, suffix } = partsOfName(text);
  const texts = nick
    ? [
        [first, middle, last],
        [nick, last],
        [first, nick, middle, last],
      ]
    : [[first, middle, last]];
  const names = texts.map((parts) => parts.filter((part) => part !== '').join(' ')).filter((name) => name !== '');
  if (names.length === 0) return [{ text, suffix: '' }];
  return names.map((text) => ({ text, suffix: suffix.toLowerCase().replace(/[^a-z0-9]/g, '') }));
}

/** What stands in quotes or parentheses: "Dwayne 'The Rock' Johnson"; '' when nothing does. */
export const nicknameOf = (text: string) => partsOfName(text).nick;

function partsOfName(text: string) {
  const {
    first = '',
    middle = '',
    last = '',
    nick = '',
    suffix = '',
  } = parseFullName(withSuffix(spoken(text)), 'all', 0);
  return { first, middle, last, nick, suffix };
}

/** A slug is a name whose words are joined by hyphens. */
const spoken = (text: string) => (/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(text) ? text.replaceAll('-', ' ') : text);

const withSuffix = (text: string) =>
  SUFFIXES.reduce((name, [written, short]) => name.replace(written, short), text.trim());
