import { type EntityKind, KINDS } from './kinds.js';

/** A film or a person that may be asked for: its slug, and the fields of its name and year. */
export type Suggestion = { slug: string } & Record<string, string | number | null>;

/** What a suggestion is made of. */
export interface Suggested {
  slug: string;
  text: string;
  year: number | null;
}

/** As clients are told of it. */
export function suggestionOf(entity: EntityKind, { slug, text, year }: Suggested): Suggestion {
  return { slug, [KINDS[entity].text]: text, [KINDS[entity].year]: year };
}
