import { type EntityKind, KINDS } from '../domain/kinds.js';
import { filmsRelation } from './identity/same-film.js';
import { peopleRelation } from './identity/same-person.js';
import type { Answered } from './kind.js';

/**
 * Whether a name is that of another part of the series, or of a relative, by numbers, sequel marks, Jr. and Sr. What is
 * written as one of the names that are known is none.
 */
export function isOfAnother(entity: EntityKind, known: string[], name: string): boolean {
  const relate = KINDS[entity].called === 'TITLE' ? filmsRelation : peopleRelation;
  const relations = known.map((one) => relate(one, name));
  return !relations.some(({ equal }) => equal) && relations.some(({ contradicts }) => contradicts);
}

/**
 * What a model answered, without the further names that its own ones contradict: "Kill Bill: Vol. 2" would later find
 * the first one. The name that was asked for stays, as asked for, once it is confirmed.
 */
export function withOwnNames(entity: EntityKind, answered: Answered): Answered {
  const { text, original, others } = answered;
  const own = original === null ? [text] : [text, original];
  return { ...answered, others: others.filter((name) => !isOfAnother(entity, own, name)) };
}
