import type { TextKind } from '../generation/kind.js';
import { personAsk, readPerson } from './person.prompt.js';

/** People: the request to the model, and the parts of the answer that are stored. */
export const PEOPLE: TextKind = {
  ask: personAsk,
  read: (ask, answer, job) => {
    const person = readPerson(ask, answer, job);
    const { slug, name_slug: base, name: text, birth_year: year, birth_date, birthplace, biography } = person;
    const named = person.known_for.map(({ title, release_year, role, character_name }) => ({
      text: title,
      year: release_year,
      role,
      character_name,
      billing_order: null,
    }));
    return {
      subject: { slug, base, text, year, facts: { birth_date, birthplace } },
      named,
      genres: [],
      text: biography,
    };
  },
};
