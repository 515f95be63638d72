import { type EntityKind, KINDS } from '../domain/kinds.js';
import { filmsRelation } from './identity/same-film.js';
import { peopleRelation } from './identity/same-person.js';

/**
 * Whether a name is that of another part of the series, or of a relative, by numbers, sequel marks, Jr. and Sr. What is
 * written as one of the names that are known is none.
 */
export function isOfAnother(entity: EntityKind, known: string[], name: string): boolean {
  const relate = KINDS[entity].called === 'TITLE' ? filmsRelation : peopleRelation;
  const relations = known.map((one) => relate(one, name));
  return !relations.some(({ equal }) => equal) && relations.some(({ contradicts }) => contradicts);
}
