import { briefly, TOLD } from '../catalog/facts.js';
import { isOpen, type Row } from '../catalog/sought.js';
import type { ExternalIds, Told } from '../catalog/told.js';
import { kindOfTable, KINDS } from '../domain/kinds.js';
import { slugOf } from '../domain/slug.js';
import type { Suggested } from '../domain/suggestion.js';
import { yearsAgree } from '../domain/years.js';
import type { Judge, Lookup, Other, Wanted } from '../facts/facts-provider.js';
import { type Asked, soughtBy } from './asked.js';
import { makerVerdict } from './identity/maker.js';
import { verdictOn } from './identity/verdict.js';
import type { Answered, TextKind } from './kind.js';
import { heldOf } from './questions.js';
import { toldBy } from './told-by.js';

type Found = Extract<Lookup, { is: 'found' }>;

/** What is told by somebody else than the model, in place of what the model would tell. */
export interface Outside {
  told: Told;
  /** In the words of the columns, for the prompt. */
  facts: Record<string, unknown>;
  names: string[];
  crew: string[];
  localized: string | null;
  externalIds: ExternalIds;
  /** The one that was taken and those that might as well be meant; empty: there was no choice. */
  several: Suggested[];
  /** Whether it is what was asked for rests on an id of the request alone. */
  byAskedId: boolean;
}

/** Of whom the facts are wanted. The ids of a known row are its own: a refresh stays with the same film. */
export function wantedBy(asked: Asked, row: Row | null): Wanted {
  const { entity, text, base, year, director, locale, choose } = asked;
  const own = { ...(row?.imdb_id && { imdb: row.imdb_id }), ...(row?.tmdb_id && { tmdb: row.tmdb_id }) };
  const externalIds = { ...own, ...asked.externalIds };
  const words = text ?? base.replaceAll('-', ' ');
  return {
    entity,
    words,
    year,
    director,
    locale,
    choose,
    externalIds,
    asksById: Object.keys(asked.externalIds).length > 0,
    isOpen: isOpen({
      ...soughtBy(asked),
      externalIds,
    }),
  };
}

/** The rules by which an answer of the model is judged hold for whoever tells facts. */
export function judgeBy(asked: Asked): Judge {
  const fit = (names: string[], year: number | null, of: Asked = asked) => {
    const [main = '', ...others] = names;
    return verdictOn(of, { main, others, year, anyProves: true }).is;
  };
  return {
    fit: (names, year) => fit(names, year),
    isCalled: (names) => fit(names, null, { ...asked, year: null }) === 'same',
    isBy: (directors) => isBy(asked, directors),
  };
}

const isBy = ({ director }: Asked, directors: string[]) =>
  director === null || makerVerdict(director, directors).is === 'same';

/**
 * Reads what a provider tells as an answer of the model is read: names are cleaned, and nobody is left out.
 * @returns `null`: nothing is left of its name
 */
export function outsideFacts(kind: TextKind, asked: Asked, found: Found, row: Row | null): Outside | null {
  const { entity } = asked;
  const { text, year, credits } = KINDS[entity];
  const answer = { ...found.facts, found: true, description: null, biography: null, namesakes: [] };
  const read = kind.read(answer as never);
  if (read.text === '') return null;
  // It is what was asked for, and so of that year where nobody names one.
  const answered = { ...read, year: read.year ?? asked.year };
  const namesakes = combined(found.namesakes, row?.namesakes ?? [], answered.year);
  const own = { slug: slugOf(answered.text, answered.year), text: answered.text, year: answered.year };
  return {
    told: toldBy(entity, { ...answered, namesakes }),
    facts: {
      [text]: answered.text,
      [year]: answered.year,
      ...answered.facts,
      ...(entity === 'MOVIE' && { genres: answered.genres }),
      [credits.names]: briefly(creditsIn(answered), kindOfTable(credits.names)),
    },
    names: heldOf(answered).names,
    crew: heldOf(answered).crew,
    localized: answered.localized,
    externalIds: found.externalIds,
    byAskedId: found.byAskedId === true,
    several: found.rivals.length === 0 ? [] : [own, ...suggestedOf(found.rivals)],
  };
}

export const suggestedOf = (others: Other[]): Suggested[] =>
  others.map(({ text, year }) => ({ slug: slugOf(text, year), text, year }));

/** Namesakes of both: what the model told of the row before stays, unless the provider has one of that year. */
function combined(provided: Other[], told: Other[], own: number | null): Other[] {
  const further = told.filter(
    ({ year }) => year !== null && !yearsAgree(year, own) && !provided.some((one) => yearsAgree(one.year, year)),
  );
  return [...provided, ...further];
}

const creditsIn = ({ credits }: Answered) =>
  credits
    .toSorted((a, b) => Number(b.role === 'DIRECTOR') - Number(a.role === 'DIRECTOR'))
    .slice(0, TOLD)
    .map(({ text, year, role, character_name }) => ({
      name: text,
      year,
      role,
      characters: character_name === null ? [] : [character_name],
    }));

/** Whose work facts say that it is; `undefined`: they say nothing of it. */
export const directorsIn = ({ director }: Record<string, unknown>): string[] | undefined =>
  typeof director === 'string' ? director.split(', ') : undefined;
