import type { EntityKind } from '../../../src/domain/kinds.js';
import type { AnswerForm } from '../../../src/generation/schemas.js';
import type { TextKind } from '../../../src/generation/kind.js';
import { IDENTITY } from '../../../src/generation/schemas.js';
import type { AnswerName } from '../../../src/llm/llm.js';
import { MOVIES } from '../../../src/movies/movies.kind.js';
import { PEOPLE } from '../../../src/people/people.kind.js';

interface Form extends AnswerForm {
  entity: EntityKind;
  about?: string;
  outline?: readonly string[];
}

const textOf = ({ about, outline }: TextKind) => ({ about, outline });

/** Every form of an answer by the name that a model sees. */
export const FORMS: Record<AnswerName, Form> = {
  movie: { entity: 'MOVIE', ...textOf(MOVIES), ...MOVIES.facts },
  person: { entity: 'PERSON', ...textOf(PEOPLE), ...PEOPLE.facts },
  movie_text: { entity: 'MOVIE', ...textOf(MOVIES), ...MOVIES.text },
  person_text: { entity: 'PERSON', ...textOf(PEOPLE), ...PEOPLE.text },
  identity: { entity: 'MOVIE', ...IDENTITY },
};
export const FORM_NAMES = Object.keys(FORMS) as AnswerName[];
