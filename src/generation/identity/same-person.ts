import { isLatin, wordsOf } from '../../domain/slug.js';
import { foldedKeys, plainWords } from './fold.js';
import { nicknameOf, parsedNames } from './names.js';
import { isSlip, type Relation, shareOne, withoutHash } from './relation.js';

/** A word of a name that is spelled so much alike may be the same: "Andrei", "Andrey". */
const WORD_SLIP = 4;
const NAME_SLIP = 8;

interface Name {
  words: string[];
  suffix: string;
}
type Pair = readonly [Name, Name];
type Match = (one: string, other: string) => boolean;

/** How two names stand to each other; a slug without its year is a name too. */
export function peopleRelation(asked: string, answered: string): Relation {
  const others = namesOf(answered);
  const pairs = namesOf(withoutHash(asked)).flatMap((one) => others.map((other): Pair => [one, other]));
  const nick = nicknameOf(answered);
  const isNick = nick !== '' && shareOne(foldedKeys(asked, 'PERSON'), foldedKeys(nick, 'PERSON'));
  return {
    equal: shareOne(foldedKeys(asked, 'PERSON'), foldedKeys(answered, 'PERSON')),
    nearly: nearly(
      pairs.filter((pair) => !isRelative(pair)),
      isNick,
    ),
    contradicts: pairs.some(isRelative),
    alike: isNick || pairs.some((pair) => isPartOf(pair, isSpelledAlike) || isSpelledWrong(pair)),
  };
}

/** A name, and one in another script in Latin letters as well. */
function namesOf(text: string): Name[] {
  const spellings = isLatin(text) ? [text] : [text, wordsOf(text)];
  return spellings.flatMap(parsedNames).map(({ text, suffix }) => ({ words: plainWords(text), suffix }));
}

function nearly(pairs: Pair[], isNick: boolean): Relation['nearly'] {
  if (pairs.some(([one, other]) => keyOf(one) === keyOf(other))) return 'near year';
  const fits = pairs.some((pair) => isPartOf(pair, isWordOrInitial) && haveTwoWords(pair) && haveFullWord(pair));
  return fits || isNick ? 'year' : null;
}

const keyOf = ({ words, suffix }: Name) => words.toSorted().join(' ') + suffix;
const haveTwoWords = (pair: Pair) => pair.every(({ words }) => words.length > 1);
const haveFullWord = ([one, other]: Pair) => one.words.some((word) => word.length > 1 && other.words.includes(word));

/** Whether all words of the shorter name are in the longer one: a middle name, a second surname may be missing. */
function isPartOf([one, other]: Pair, match: Match): boolean {
  const [shorter, longer] = one.words.length <= other.words.length ? [one, other] : [other, one];
  const left = [...longer.words];
  return shorter.words.every((word) => {
    const same = left.indexOf(word);
    const at = same >= 0 ? same : left.findIndex((candidate) => match(word, candidate));
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

const isInitial: Match = (one, other) => one.length === 1 && other.startsWith(one);
const isWordOrInitial: Match = (one, other) => one === other || isInitial(one, other) || isInitial(other, one);
const isSpelledAlike: Match = (one, other) => isWordOrInitial(one, other) || isSlip(one, other, WORD_SLIP);

const fullWords = ({ words }: Name) =>
  words
    .filter((word) => word.length > 1)
    .toSorted()
    .join(' ');
const initials = ({ words }: Name) =>
  words
    .filter((word) => word.length === 1)
    .toSorted()
    .join('');

const isSpelledWrong = ([one, other]: Pair) =>
  initials(one) === initials(other) && isSlip(fullWords(one), fullWords(other), NAME_SLIP);

/** Jr. and Sr., or other initials: "Michael A. Jordan", "Michael B. Jordan". */
function isRelative([one, other]: Pair): boolean {
  const differ = (part: (name: Name) => string) =>
    part(one) !== '' && part(other) !== '' && part(one) !== part(other) && fullWords(one) === fullWords(other);
  return differ(({ suffix }) => suffix) || differ(initials);
}
