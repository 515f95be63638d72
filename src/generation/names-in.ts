import { isNobody } from './nobody.js';

/** What catalogues write behind a name: "Al Pacino (uncredited)". */
const NOTE =
  /\s*\((?:uncredited|voice|cameo|self|himself|herself|archive footage|(?:credited )?as .*|głos|Stimme|voix|voz)\)$/iu;
const AND = /\s+(?:and|&|und|oraz|et)\s+/iu;
const COMMA = /\s*[,;]\s+/u;
/** "Robert Downey, Jr." is one man. */
const SUFFIX = /^(?:jr|sr|ii|iii|iv|ph\.?d|md|esq)\.?$/iu;
const wordsOf = (name: string) => name.split(/\s+/);

/**
 * The people whom one entry of a crew names. "Joel and Ethan Coen" are two. A duo by its first or its last names alone
 * is nobody: it is the name of none of them.
 */
export function namesIn(entry: string): string[] {
  const parts = partsOf(entry.trim().replace(NOTE, ''));
  return (parts.length > 1 ? fullNames(parts) : parts).filter((one) => one !== '' && !isNobody(one));
}

function partsOf(name: string): string[] {
  const joined = name.split(AND);
  return joined.flatMap((part) => {
    const listed = part.split(COMMA);
    // "Ozu, Yasujirō" is one, too.
    return listed.every((one) => wordsOf(one).length > 1 && !SUFFIX.test(one)) ? listed : [part];
  });
}

/** Those before the last may leave their last name to it. */
function fullNames(parts: string[]): string[] {
  const [last = ''] = parts.slice(-1);
  const isGroup = wordsOf(last).length === 1 || /^(?:the|his|her)\s/i.test(last);
  if (isGroup) return [];
  const family = wordsOf(last).at(-1)!;
  return parts.map((part) => (wordsOf(part).length === 1 ? `${part} ${family}` : part));
}
