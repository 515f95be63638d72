import { numericQuantity } from 'numeric-quantity';
import { COUNT, PART } from './words.js';

/** Number words of English titles ("Ocean's Eleven"). Other languages' count beside "Part" only: see COUNT. */
const UNITS = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES: Record<string, number> = { hundred: 100, thousand: 1000 };

export const isNumber = (word: string | undefined) => word !== undefined && /^\d+$/.test(word);

/** All numbers of a title in digits, and "Part 2", "Vol. 2" or "deuxième partie" as "2". */
export const numbered = (words: string[]) => withoutPartWords(withoutDecimals(spelledOut(romans(apart(words)))));

/** "Alien3" is "Alien 3"; "X2" and "Se7en" are words. */
const apart = (words: string[]) => words.flatMap((word) => /^([a-z]{3,})(\d{1,2})$/.exec(word)?.slice(1, 3) ?? [word]);

/** A single letter is a number only at the end, or where a number has to be: "I, Robot", "Vitamin X for two". */
function romans(words: string[]): string[] {
  return words.map((word, at) => {
    const previous = words[at - 1];
    if (previous === undefined || !/^[ivx]+$/.test(word)) return word;
    const expected = PART.has(previous) || previous === 'episode' || at === words.length - 1;
    const value = word.length > 1 || expected ? numericQuantity(word, { romanNumerals: true }) : NaN;
    return Number.isNaN(value) ? word : String(value);
  });
}

/** "thirty nine" as "39", "one hundred and one" as "101", "nineteen eighty four" as "19" and "84". */
function spelledOut(words: string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < words.length;) {
    const { value, next } = spelledNumber(words, at);
    result.push(next === at ? words[at]! : String(value));
    at = Math.max(next, at + 1);
  }
  return result;
}

/** @returns the number that begins there in words, and where it ends; there, when none begins */
function spelledNumber(words: string[], start: number): { value: number; next: number } {
  let { value, next } = belowHundred(words, start);
  if (next === start && isNumber(words[start])) ({ value, next } = { value: Number(words[start]), next: start + 1 });
  const scale = Object.hasOwn(SCALES, words[next] ?? '') ? SCALES[words[next]!]! : null;
  if (next === start || scale === null) return isNumber(words[start]) ? { value: 0, next: start } : { value, next };
  next += 1;
  const rest = belowHundred(words, words[next] === 'and' ? next + 1 : next);
  const joined = rest.value > 0;
  return { value: value * scale + (joined ? rest.value : 0), next: joined ? rest.next : next };
}

function belowHundred(words: string[], at: number): { value: number; next: number } {
  const [unit, ten] = [UNITS.indexOf(words[at] ?? ''), TENS.indexOf(words[at] ?? '')];
  if (unit >= 0) return { value: unit, next: at + 1 };
  if (ten < 0) return { value: 0, next: at };
  const one = UNITS.indexOf(words[at + 1] ?? '');
  const compound = one >= 1 && one <= 9;
  return { value: (ten + 2) * 10 + (compound ? one : 0), next: at + (compound ? 2 : 1) };
}

/** "Die Hard 4.0" is the fourth. */
const withoutDecimals = (words: string[]) =>
  words.length > 2 && words.at(-1) === '0' && isNumber(words.at(-2)) ? words.slice(0, -1) : words;

function withoutPartWords(words: string[]): string[] {
  const isPart = (at: number) => PART.has(words[at] ?? '');
  // "Friday the 13th Part 2": what a number follows is not counted by the word before it.
  const counts = (at: number) => isPart(at - 1) || (isPart(at + 1) && !isNumber(counting(words[at + 2] ?? '')));
  const counted = words.map((word, at) => (counts(at) ? counting(word) : word));
  return counted.filter((_, at) => !isPart(at) || !(isNumber(counted[at + 1]) || isNumber(counted[at - 1])));
}

/** "second" and "2nd" as "2". */
const counting = (word: string) => COUNT.get(word) ?? /^(\d+)(?:st|nd|rd|th|e|eme|er)$/.exec(word)?.[1] ?? word;
