const NAMES = new Map<string, string>();

/**
 * Has each connection prepare a statement once: parsing and planning cost more than inserting a row. Not behind a
 * pooler, where the next statement may go to another server process. Suited are statements
 * - whose columns are spelled out: PostgreSQL refuses a prepared `*` once a migration has added a column;
 * - that search no table: the plan of an empty one would stay while it grows.
 */
export function prepared(name: string, text: string): string {
  NAMES.set(text, name);
  return text;
}

/** `undefined`: it is not prepared. */
export const nameOf = (text: unknown): string | undefined => (typeof text === 'string' ? NAMES.get(text) : undefined);
