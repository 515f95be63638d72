/** Signs with a meaning: "+1" and "1" are two films of 2013. Punctuation, and a sign for "and", are none. */
const MEANING = /[+\u2212=<>#@%±÷\p{Sc}]/gu;
const AND_SIGN = /(?<=[\p{L}\p{N}])\s*\+\s*(?=\p{L})/gu;

/** The signs of a title that have a meaning, in one order. */
export const signsOf = (text: string): string =>
  (text.normalize('NFKC').replace(AND_SIGN, ' ').match(MEANING) ?? []).sort().join('');
