import type { EntityKind } from '../../../src/domain/kinds.js';
import type { AnswerForm } from '../../../src/generation/schemas.js';
import { IDENTITY } from '../../../src/generation/schemas.js';
import type { AnswerName } from '../../../src/llm/llm.js';
import { MOVIES } from '../../../src/movies/movies.kind.js';
import { PEOPLE } from '../../../src/people/people.kind.js';

interface Form extends AnswerForm {
  entity: EntityKind;
  about?: string;
}

/** Every form of an answer by the name that a model sees. */
export const FORMS: Record<AnswerName, Form> = {
  movie: { entity: 'MOVIE', about: MOVIES.about, ...MOVIES.facts },
  person: { entity: 'PERSON', about: PEOPLE.about, ...PEOPLE.facts },
  movie_text: { entity: 'MOVIE', about: MOVIES.about, ...MOVIES.text },
  person_text: { entity: 'PERSON', about: PEOPLE.about, ...PEOPLE.text },
  identity: { entity: 'MOVIE', ...IDENTITY },
};
export const FORM_NAMES = Object.keys(FORMS) as AnswerName[];
