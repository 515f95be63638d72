import type { KnownFacts } from '../catalog/facts.js';
import type { Row } from '../catalog/sought.js';
import type { Told } from '../catalog/told.js';
import type { GivenFacts } from '../domain/given-facts.js';
import { KINDS } from '../domain/kinds.js';
import type { Suggested } from '../domain/suggestion.js';
import type { Asked } from './asked.js';
import { directorsIn, type Outside } from './from-outside.js';
import { factsWith, without, wordsIn } from './given.js';
import { type About, type Question, textQuestion } from './questions.js';
import { toldBy } from './told-by.js';

/** What is known when the model is asked. */
export interface Known {
  asked: Asked;
  /** The row that is known; `null`: none is. */
  row: Row | null;
  /** Every name of it, and those whom its facts name. */
  names: string[];
  crew: string[];
  /** Whether facts are asked for as well. */
  wantsFacts: boolean;
  /** Facts that the request gives, as they are stored; `null`: none. */
  told: Told | null;
  /** All that may be claimed, where facts are given; missing: more may be. */
  given?: string;
  /** What a provider of facts told; missing: nobody was asked, or it knows none that fits. */
  outside?: Outside;
  /** Whether the provider of facts does not answer: it may know what the model does not. */
  isAway?: boolean;
  /** Whether a provider of facts has told its title in the language of the text. */
  isTitled?: boolean;
  /** Whose work the text may say that it is; missing: nothing is held against it. */
  directors?: string[];
  question: Question;
  /** Others of the name, in the catalogue. */
  several: Suggested[];
}

/** What is known of something that is in no row. */
export const NOTHING: KnownFacts = {
  facts: {},
  names: [],
  crew: [],
  given: null,
  edited: [],
  origin: 'MODEL',
  titled: [],
};

/** What a text alone may rest on. */
export interface Resting {
  common: Pick<Known, 'asked' | 'row' | 'several'>;
  about: About;
  held: KnownFacts;
}

/** A text alone, about what is known. */
export function restingOnKnown({ common, about, held }: Resting): Known {
  const { facts, names, crew } = held;
  const isSure = held.origin === 'TMDB' || held.edited.includes('directors');
  const directors = isSure ? directorsIn(facts) : undefined;
  return {
    ...common,
    names,
    crew,
    told: null,
    wantsFacts: false,
    isTitled: isTitled(held, common.asked),
    ...(directors && { directors }),
    question: textQuestion({
      ...about,
      facts,
    }),
  };
}

/** Titles of a film whose facts were looked up are taken for looked up as well. */
const isTitled = ({ origin, titled }: KnownFacts, { locale }: Asked) => origin === 'TMDB' && titled.includes(locale);

/** A text alone, about what is given and known besides. The model need not know it, and is asked for no facts. */
export function restingOn(given: GivenFacts, { common, about, held }: Resting): Known {
  const { kind, asked } = about;
  const { entity } = asked;
  const { text: named, year: dated } = KINDS[entity];
  const text = common.row?.text ?? asked.text!;
  const answered = kind.given(given, { text, year: asked.year });
  const known = { ...held.facts, [named]: text, [dated]: asked.year };
  // What somebody has corrected is known better.
  const facts = factsWith(known, without(given, held.edited));
  return {
    ...common,
    names: [text, ...held.names],
    crew: [...answered.credits.map((credit) => credit.text), ...held.crew],
    told: toldBy(entity, answered),
    given: wordsIn(facts),
    wantsFacts: false,
    question: textQuestion({ ...about, facts, given: true }),
  };
}

/** A text alone, about what a provider of facts tells. What somebody has corrected is known better. */
export function restingOnOutside(outside: Outside, { common, about, held }: Resting): Known {
  const { asked } = about;
  const { told, several } = outside;
  const facts = withCorrected(outside.facts, held, asked.entity);
  const directors = directorsIn(facts);
  // The year of the facts, where another one was asked for: two in one prompt would contradict each other.
  const year = held.edited.includes('year') ? asked.year : (told.year ?? asked.year);
  const meant = { ...asked, year };
  return {
    ...common,
    asked: meant,
    told,
    outside,
    wantsFacts: false,
    isTitled: isTitled(held, asked),
    names: [...outside.names, ...held.names],
    crew: [...outside.crew, ...held.crew],
    ...(directors && { directors }),
    several: several.length > 0 ? several : common.several,
    question: textQuestion({
      ...about,
      asked: meant,
      facts,
    }),
  };
}

function withCorrected(
  facts: Record<string, unknown>,
  { facts: own, edited }: KnownFacts,
  entity: Asked['entity'],
): Record<string, unknown> {
  const { text, year, credits } = KINDS[entity];
  const fields: Record<string, string[]> = {
    [text]: ['name'],
    [year]: ['year'],
    director: ['directors'],
    [credits.names]: ['directors', 'cast'],
  };
  const isCorrected = (column: string) => (fields[column] ?? [column]).some((field) => edited.includes(field));
  return { ...facts, ...Object.fromEntries(Object.entries(own).filter(([column]) => isCorrected(column))) };
}
