import type { EntityKind } from '../domain/kinds.js';
import type { TextKind } from '../generation/kind.js';
import { MOVIES } from '../movies/movies.kind.js';
import { PEOPLE } from '../people/people.kind.js';

/** What the folder of each kind provides. */
export const TEXT_KINDS: Record<EntityKind, TextKind> = { MOVIE: MOVIES, PERSON: PEOPLE };
