import { YEAR_TOLERANCE } from '../../domain/years.js';
import { KINDS } from '../../domain/kinds.js';
import { baseOf } from '../../domain/slug.js';
import { answerOf, type Reading, readingsOf, yearsBetween } from './readings.js';
import { isWrittenInLatin, type Relation } from './relation.js';
import { filmsRelation } from './same-film.js';
import { peopleRelation } from './same-person.js';
import { signsOf } from './signs.js';
import type { Answered, Asked } from './subject.js';

export { foldedKeys } from './fold.js';
export type { Answered, Asked } from './subject.js';

/** The reason is plain English, for the model. */
export type Verdict = { is: 'same' } | { is: 'other'; reason: string } | { is: 'unclear'; reason: string };

/** A request in one reading, held against the answer. */
interface Comparison {
  entity: Asked['entity'];
  asked: Reading;
  answer: { texts: string[]; year: number | null };
  /** The first one is that of the main title or name. */
  relations: Relation[];
  anyProves: boolean;
  /** `null`: a year is not known. */
  yearsApart: number | null;
}

/**
 * Years between two that have nothing else in common, and may yet be one. A translated title comes to cinemas later; a
 * person under another name is born once.
 */
const VOUCHING = { TITLE: YEAR_TOLERANCE, NAME: 0 };
/** The longest title in a reason. */
const SHOWN = 120;

/**
 * Whether an answer is about what was asked for. One title or name that is equal outweighs the others, unless numbers
 * or sequel marks of the main one say otherwise. A missing year proves nothing. What words and years cannot decide is
 * unclear.
 */
export function verdictOn(asked: Asked, answered: Answered): Verdict {
  const answer = answerOf(answered, asked.entity);
  if (answer.texts.length === 0) return other('The answer does not say what it is about.');
  const relate = KINDS[asked.entity].called === 'TITLE' ? filmsRelation : peopleRelation;
  const [comparison, ...further] = readingsOf(asked).map((reading): Comparison => {
    const relations = answer.texts.map((text) => relate(reading.text, text));
    return {
      entity: asked.entity,
      asked: reading,
      answer,
      relations,
      anyProves: answered.anyProves === true,
      yearsApart: yearsBetween(reading.year, answer.year),
    };
  });
  const read = further.find((reading) => isOneTitle(reading) && !isAnotherYear(reading));
  const about = `The answer is about ${shown(answer.texts[0]!, answer.year, asked.entity)}`;
  return verdictFrom(read ?? comparison!, about);
}

function verdictFrom(comparison: Comparison, about: string): Verdict {
  const { entity, asked, answer, relations, yearsApart } = comparison;
  if (isAnotherYear(comparison)) return other(`${about}, and the request says ${asked.year}.`);
  if (isEcho(comparison)) return unclear(`${about}, which contradicts another one of its titles or names.`);
  if (isOneTitle(comparison)) return verdictOnYear(comparison, about);
  if (isNearly(comparison)) return { is: 'same' };
  if (relations.some(({ contradicts }) => contradicts)) return other(`${about}, which is another one of like name.`);
  if (relations.some(({ nearly, alike }) => nearly || alike))
    return unclear(`${about}, which the request names only in part.`);
  const isVouchedFor = yearsApart !== null && yearsApart <= VOUCHING[KINDS[entity].called];
  if (isVouchedFor) return unclear(`${about}, which has only the year in common with the request.`);
  if (isUnreadable(asked.text, answer.texts)) return unclear(`${about}, and the request is in another script.`);
  return other(`${about}.`);
}

/** A title that is equal, but for a sign that has a meaning ("+1" and "1") or a year that proves it. */
function verdictOnYear({ asked, answer, relations, yearsApart }: Comparison, about: string): Verdict {
  const equal = answer.texts.filter((_, at) => relations[at]!.equal);
  const isNumberToo = (text: string) => isNumeral(text) === isNumeral(asked.text) || baseOf(text) === asked.text;
  const isWrittenSo = (text: string) =>
    isNumberToo(text) && (!asked.isWritten || signsOf(text) === signsOf(asked.text));
  if (!equal.some(isWrittenSo)) {
    return unclear(`${about}, which the request writes with other signs.`);
  }
  if (asked.year !== null && yearsApart === null) {
    return unclear(`${about} and tells no year, and the request says ${asked.year}.`);
  }
  return { is: 'same' };
}

/** A title of one or two digits: "9" and "Nine" are two films of 2009. A longer number is one title in either form. */
const isNumeral = (text: string) => /^\d{1,2}$/.test(text.trim());

const isOneTitle = ({ relations }: Comparison) => relations.some(({ equal }) => equal);

/** A further title may repeat the request alone: beside a main one that contradicts it, it proves nothing. */
const isEcho = ({ relations: [main, ...others], anyProves }: Comparison) =>
  !anyProves && !main!.equal && others.some(({ equal }) => equal) && main!.contradicts;

const isAnotherYear = ({ yearsApart }: Comparison) => yearsApart !== null && yearsApart > YEAR_TOLERANCE;

/** An article, a subtitle, a middle name may be missing where the years say the same. */
const isNearly = ({ relations, yearsApart }: Comparison) =>
  relations.some(
    ({ nearly }) => (nearly === 'near year' && yearsApart !== null) || (nearly === 'year' && yearsApart === 0),
  );

/** Of a title in another script letters tell nothing. */
const isUnreadable = (asked: string, answered: string[]) =>
  answered.every((text) => isWrittenInLatin(text) !== isWrittenInLatin(asked));

function shown(text: string, year: number | null, entity: Asked['entity']): string {
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim();
  const short = line.length > SHOWN ? `${[...line].slice(0, SHOWN).join('')}…` : line;
  if (year === null) return short;
  return KINDS[entity].called === 'TITLE' ? `${short} of ${year}` : `${short}, born in ${year}`;
}

const other = (reason: string): Verdict => ({ is: 'other', reason });
const unclear = (reason: string): Verdict => ({ is: 'unclear', reason });
