import type { EntityKind } from '../../domain/kinds.js';

/** What a request names. */
export interface Asked {
  entity: EntityKind;
  /** Title or name; `null`: only the slug is known. */
  text: string | null;
  /** The requested slug without its year. */
  base: string;
  /** Of the release or the birth; `null`: not known. */
  year: number | null;
}

/** What an answer says that it is about. */
export interface Answered {
  /** Title or name as answered. */
  main: string;
  /** Original and other titles, or other names. */
  others: string[];
  /** Of the release or the birth; `null`: not known. */
  year: number | null;
  /** Whether each of the others proves as much as the main one, as where they were looked up. */
  anyProves?: boolean;
}
