import type { EntityKind } from '../domain/kinds.js';
import type { KindFolder } from '../generation/kind.js';
import { MOVIES_FOLDER } from '../movies/movies.folder.js';
import { PEOPLE_FOLDER } from '../people/people.folder.js';

/** The folder of each kind. */
export const KIND_FOLDERS: Record<EntityKind, KindFolder> = { MOVIE: MOVIES_FOLDER, PERSON: PEOPLE_FOLDER };
