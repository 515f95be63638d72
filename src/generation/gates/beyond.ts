import type { Gate, GateContext } from './gate.js';
import { sentencesOf } from './sentences.js';
import { folded, wordsOf } from './words.js';

/** Two words or more in capitals: a name, of whatever it be. */
const NAME = /\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+\p{Lu}[\p{L}\p{M}'’.-]*)+/gu;
/** A year, and no decade. */
const YEAR = /(?<![\p{L}\p{N}.,])(?:1[89]|20)\d\d(?![\p{N}]|['’]?s\b|er\b|-)/gu;
/** German writes every noun in capitals: only what follows one of these words is somebody's name. */
const CUE =
  /\b(?:von|regisseur(?:in)?|schauspieler(?:in)?|autor(?:in)?|komponist(?:in)?|spielt|spielen|gespielt von)\s+$/iu;
/** What somebody does for a film, after a name that begins a sentence: "Tom Hanks plays the lead." */
const ACTS = new RegExp(
  '^\\s+(?:plays|stars|portrays|directs|directed|appears|gra|zagrała?|reżyseruje|wyreżyserowała?|wciela się|' +
    'joue|incarne|interprète|réalise|interpreta|protagoniza|dirige|encarna)(?!\\p{L})',
  'u',
);
const ARTICLE =
  /^(?:The|An?|This|That|His|Her|Its|Their|Le|La|Les|Une?|Ce|Cette|Son|Sa|El|Los|Una|Es[at]e?|Su|Ten|Ta|Jego|Jej)\s/u;
/** Letters from which on two words may be forms of one: "Kowalskiego" is "Kowalski". */
const STEM = 4;

/** A text that claims what the facts do not tell, where they are given and are all that is known. */
export const beyond: Gate = (text, context) => {
  if (context.given === undefined) return null;
  const claimed = yearIn(text, context) ?? nameIn(text, context);
  if (claimed === null) return null;
  return `It says "${claimed}", which is not in the facts: write nothing that the facts do not tell.`;
};

function yearIn(text: string, { given, year, names }: GateContext): string | null {
  const told = [given, String(year), ...names].join(' ');
  return [...text.matchAll(YEAR)].map(([found]) => found).find((found) => !told.includes(found)) ?? null;
}

function nameIn(text: string, context: GateContext): string | null {
  const told = [...new Set(wordsOf([context.given!, ...context.names].join(' ')))];
  for (const sentence of sentencesOf(text))
    for (const found of namesOf(sentence, context)) if (!isTold(found, told)) return found;
  return null;
}

/** The first word of a sentence is in capitals whatever it is, but before what somebody does it is part of a name. */
function namesOf(sentence: string, { locale }: GateContext): string[] {
  const start = sentence.search(/\p{L}/u);
  return [...sentence.matchAll(NAME)].flatMap(({ 0: found, index }) => {
    if (locale.startsWith('de') && !CUE.test(sentence.slice(0, index))) return [];
    const words = found.split(/\s+/);
    const isWhole = index !== start || isSomebody(found, sentence.slice(index + found.length));
    const name = isWhole ? words : words.slice(1);
    return name.length > 1 ? [name.join(' ')] : [];
  });
}

const isSomebody = (words: string, after: string) => ACTS.test(after) && !ARTICLE.test(words);

/** Whether half of the words of a name are told, in whatever form. @param told words, folded */
export function isTold(name: string, told: string[]): boolean {
  const words = wordsOf(name).filter((word) => word.length > 1);
  const known = words.filter((word) => told.some((other) => isForm(folded(word), other)));
  return known.length * 2 >= words.length;
}

function isForm(word: string, other: string): boolean {
  if (word === other) return true;
  const stem = Math.max(STEM, Math.min(word.length, other.length) - 2);
  return word.length >= stem && other.length >= stem && word.slice(0, stem) === other.slice(0, stem);
}
