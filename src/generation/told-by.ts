import type { Told } from '../catalog/told.js';
import { ENTITIES, type EntityKind, KINDS } from '../domain/kinds.js';
import { named } from './asked.js';
import { isCalled } from './identity/whose.js';
import type { Answered } from './kind.js';

/** What an answer tells, as it is stored. */
export const toldBy = (
  entity: EntityKind,
  { text, original, others, year, facts, credits, genres, namesakes }: Answered,
): Told => ({
  name: named(text, entity),
  others: [
    ...(original === null ? [] : [{ ...named(original, entity), source: 'ORIGINAL' as const }]),
    ...others.map((other) => ({ ...named(other, entity), source: 'OTHER' as const })),
  ].filter((other) => other.text !== text),
  year,
  facts,
  named: credits.map((credit) => ({ ...credit, ...named(credit.text, entityNamedBy(entity)) })),
  genres,
  namesakes: namesakes.filter((one) => isCalled({ entity, text, base: '' }, one.text, [])),
});

/** What those are whom it names. */
const entityNamedBy = (entity: EntityKind): EntityKind =>
  ENTITIES.find((other) => KINDS[other].table === KINDS[entity].credits?.names) ?? entity;
