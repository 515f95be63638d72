import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { isFilmYear } from '../domain/slug.js';
import { cleanedAlias, cleanedCharacter, cleanedList, cleanedName, cleanedTitle } from '../generation/cleaned.js';
import type { Answered, TextKind } from '../generation/kind.js';
import { isNoTitle } from '../generation/nobody.js';
import { plainLine } from '../llm/plain-text.js';
import { ABOUT_A_PERSON, OUTLINE_OF_A_PERSON, type PersonAnswer, PERSON_FACTS, PERSON_TEXT } from './person.answer.js';
import { samplePerson } from './person.sample.js';

const MAX = { place: 200, films: 20, others: 20, namesakes: 20 };

/** People: what of the model's answer is read. */
export const PEOPLE: TextKind = {
  facts: PERSON_FACTS,
  text: PERSON_TEXT,
  about: ABOUT_A_PERSON,
  outline: OUTLINE_OF_A_PERSON,
  read: (output: PersonAnswer): Answered => {
    const birth_date = realDate(output.birth_date);
    const text = cleanedName(output.name);
    return {
      found: output.found,
      text,
      original: null,
      localized: null,
      others: cleanedList(output.other_names, MAX.others, (name) => cleanedAlias(name, text)),
      year: birth_date ? Number(birth_date.slice(0, 4)) : (yearIn(output.birth_date) ?? realYear(output.birth_year)),
      facts: { birth_date, birthplace: cleanedCharacter(plainLine(output.birthplace, MAX.place)) },
      credits: output.known_for
        .slice(0, 2 * MAX.films)
        .map(({ title, release_year, role, character_name }) => ({
          text: cleanedTitle(title),
          year: release_year !== null && isFilmYear(release_year) ? release_year : null,
          role,
          character_name: cleanedCharacter(character_name),
          billing_order: null,
        }))
        // "Unknown" is a film of 2011; without a year it is none.
        .filter(({ text: title, year }) => title !== '' && (year !== null || !isNoTitle(title)))
        .slice(0, MAX.films),
      genres: [],
      namesakes: output.namesakes
        .slice(0, MAX.namesakes)
        .map(({ name, birth_year }) => ({ text: cleanedTitle(name), year: realYear(birth_year) })),
      prose: output.biography ?? '',
    };
  },
  given: ({ birth_date = null, birthplace = null, known_for = [] }, { text, year }): Answered => ({
    found: true,
    text,
    original: null,
    localized: null,
    others: [],
    year,
    facts: { birth_date, birthplace },
    credits: known_for.map(({ title, release_year = null, role = 'ACTOR' }) => ({
      text: title,
      year: release_year,
      role,
      character_name: null,
      billing_order: null,
    })),
    genres: [],
    namesakes: [],
    prose: '',
  }),
  prose: ({ biography }: { biography: string }) => biography,
  localized: () => null,
  spare: [],
  sample: samplePerson,
};

/** A day that exists and lies between the year 1000 and today; anything else is unknown. */
function realDate(value: string | null): string | null {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(value ?? '')) return null;
  const date = new Date(`${value}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value!);
  return exists && date.getTime() < Date.now() ? value : null;
}

/** The year of a date that is not known to the day. */
const yearIn = (value: string | null) => realYear(Number(/^([12]\d{3})(?:-\d{2}|-00)*$/.exec(value ?? '')?.[1] ?? NaN));

const realYear = (year: number | null) =>
  year !== null && Number.isInteger(year) && year >= EARLIEST_BIRTH && year <= new Date().getFullYear() ? year : null;
