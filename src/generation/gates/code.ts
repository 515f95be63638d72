import type { Gate } from './gate.js';
import { withoutNames } from './words.js';

const CODE = [
  /```/,
  // JSON, and what is left of an answer whose quotation marks were escaped twice.
  /[{[,]\s*"[\w-]+"\s*:/,
  /(?:^|[\s{,])"[a-z]+(?:_[a-z]+)*"\s*:\s*["{[\dtfn]/,
  /\\[nrt"]|\\u[\da-f]{4}/i,
  /\[object Object\]/,
  // HTML, and the tokens that part the turns of a chat.
  /<\/?[a-z][a-z\d]*(?:[\s/][^<>]*)?>/i,
  /&(?:[a-z]{2,8}|#x?[\da-f]+);/,
  /<\|[^|<>]*\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:start|end)_of_turn>/,
  // Programs.
  /\bconsole\.log\(|\bprint\(["'f]|\bdef \w+\([^)]*\):|\bfunction \w*\([^)]*\) ?\{|#include <|=> ?[{(]/,
  /\b(?:const|let|var) \w+ = |^\s*(?:import|from) [\w.{} ,]+ (?:import|from) \S+/m,
  /\bSELECT\b.{1,80}\bFROM\b.{1,80}(?:\bWHERE\b|;)/s,
];

/** JSON, markup or a program where prose was asked for. */
export const code: Gate = (text, context) => {
  const plain = withoutNames(text, context);
  return CODE.some((sign) => sign.test(plain))
    ? 'It has JSON, tags or code in it: write the text itself and nothing around it, as plain prose.'
    : null;
};
