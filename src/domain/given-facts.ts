import type { PersonRole } from './vocabulary.js';

/** Facts that a request gives, of either kind; the year is that of the request. */
export interface GivenFacts {
  synopsis?: string;
  directors?: string[];
  cast?: { name: string; character?: string }[];
  /** Slugs. */
  genres?: string[];
  birth_date?: string;
  birthplace?: string;
  known_for?: { title: string; release_year?: number; role?: PersonRole }[];
}

/** Who told the facts: the model, the provider of facts, a request, or somebody who corrected them. */
export const FACTS_ORIGINS = ['MODEL', 'TMDB', 'CLIENT', 'HUMAN'] as const;
export type FactsOrigin = (typeof FACTS_ORIGINS)[number];

/** Longest as JSON, bytes. */
export const MAX_FACTS = 8192;
/** Longest synopsis, characters. */
export const MAX_SYNOPSIS = 4000;

/** In words of SQL: who told the facts of a row. What somebody has corrected is theirs, whoever told the rest. */
export const FACTS_ORIGIN = `CASE WHEN edited = '{}' THEN facts_origin ELSE 'HUMAN' END AS facts_origin`;
