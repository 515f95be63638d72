import type { PersonRole } from '../domain/vocabulary.js';
import {
  type AnswerForm,
  credit,
  flag,
  list,
  object,
  optionalText,
  ROLE_WORDS,
  text,
  TEXT_ALONE,
  year,
} from '../generation/schemas.js';

/** Facts and text of a person. With `found` false the model knows none, and the rest is empty. */
export interface PersonAnswer {
  found: boolean;
  name: string | null;
  other_names: string[];
  birth_date: string | null;
  birth_year: number | null;
  birthplace: string | null;
  biography: string | null;
  known_for: { title: string; release_year: number | null; role: PersonRole; character_name: string | null }[];
  namesakes: { name: string; birth_year: number | null }[];
}

export const PERSON_FACTS: AnswerForm = {
  schema: object({
    found: flag,
    name: optionalText,
    other_names: list(text),
    birth_date: optionalText,
    birth_year: year,
    birthplace: optionalText,
    biography: optionalText,
    known_for: list(object({ title: text, release_year: year, ...credit })),
    namesakes: list(object({ name: text, birth_year: year })),
  }),
  fields: [
    'found: false when you know nobody who makes films of that name (and year of birth, where given); ' +
      'then the rest is null or empty. Never choose somebody else.',
    'name: as it is usually written. other_names: full, original and stage names, the one in the data among them if ' +
      'it is a name of this very person.',
    'birth_date: YYYY-MM-DD, null when it is not known to the day. birth_year: a whole number. ' +
      'birthplace: town and country.',
    'biography: the text, as told below.',
    `known_for: up to 10 films, the best known first, each with title, release_year, role (${ROLE_WORDS}) and ` +
      'character_name (null but for actors).',
    'namesakes: up to 5 other real people of that very name who make films, whenever they were born, with name and ' +
      'birth_year.',
  ],
};

export const PERSON_TEXT: AnswerForm = {
  schema: object({ biography: text }),
  fields: [`biography: ${TEXT_ALONE}`],
};

export const ABOUT_A_PERSON =
  'Tell the work and what it is known for. Of people who may be alive say nothing about health, religion or ' +
  'allegations. Write about this person alone.';

/** The parts of a text about a person. */
export const OUTLINE_OF_A_PERSON = [
  'Who it is, and what the work is: one or two sentences.',
  'How the work has gone, by a few films in their order, and what was done in each: three or four sentences.',
  'What marks that work, and can be seen in those films: one or two sentences.',
] as const;
