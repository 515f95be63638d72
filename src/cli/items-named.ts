import type { Problem } from '../http/problem.js';

/** The refused items by their position, and what is wrong with each. */
export function itemsNamed({ errors = [] }: Problem): Map<number, string> {
  const named = new Map<number, string>();
  for (const { pointer, detail } of errors) {
    const [, place, field] = /^\/items\/(\d+)(\/.*)?$/.exec(pointer) ?? [];
    if (place === undefined) continue;
    const before = named.get(Number(place));
    named.set(Number(place), `${before ? `${before}; ` : ''}${field ?? ''} ${detail}`.trim());
  }
  return named;
}
