import type { EntityKind } from '../domain/kinds.js';
import type { GenreSlug } from '../domain/genres.js';
import type { Locale, PersonRole } from '../domain/vocabulary.js';
import type { Span } from '../tracing/span.js';

/** What a job wants to know the facts of. */
export interface Wanted {
  entity: EntityKind;
  /** Title or name as it was asked for, or the words of the slug. */
  words: string;
  /** Of the release or of birth; `null`: any. */
  year: number | null;
  director: string | null;
  externalIds: { imdb?: string; tmdb?: number };
  /** Whether the request says one of them; else they are those of a row. */
  asksById: boolean;
  locale: Locale;
  /** Whether nothing but the name says which one is meant. */
  isOpen: boolean;
  /** Whether the best known one is taken where the name means several. */
  choose: boolean;
}

/** How what a provider has stands to what was asked for. */
export type Fit = 'same' | 'other' | 'unclear';

/** Rules of the one who asks: the provider has no own understanding of titles and names. */
export interface Judge {
  /** By all names and the year. */
  fit: (names: string[], year: number | null) => Fit;
  /** By a name alone, whatever the year. */
  isCalled: (names: string[]) => boolean;
  /** Whether one of these is the director that was asked for; `true` where none was. */
  isBy: (directors: string[]) => boolean;
}

/** Facts of a film, in the words of an answer of the model: they are read and cleaned as such a one is. */
export interface FilmFacts {
  title: string;
  original_title: string | null;
  other_titles: string[];
  title_localized: string | null;
  release_year: number | null;
  directors: string[];
  genres: GenreSlug[];
  cast: { name: string; role: PersonRole; character_name: string | null }[];
}

/** The same of a person. */
export interface PersonFacts {
  name: string;
  other_names: string[];
  birth_date: string | null;
  birth_year: number | null;
  birthplace: string | null;
  known_for: { title: string; release_year: number | null; role: PersonRole; character_name: string | null }[];
}

/** Another one of the name. */
export interface Other {
  text: string;
  year: number | null;
}

/**
 * What a provider knows:
 *
 * - `found`: these are the facts; `rivals` might as well be meant, and stand behind the one that was chosen;
 * - `several`: the name means all of these, the best known one first;
 * - `unknown`: it has none that fits for sure. The film may exist;
 * - `away`: it does not answer, which says nothing of the film.
 */
export type Lookup =
  | {
      is: 'found';
      facts: FilmFacts | PersonFacts;
      externalIds: { imdb?: string; tmdb?: number };
      namesakes: Other[];
      rivals: Other[];
      /** Whether an id of the request says that it is this one: whoever asks judges whether that is so. */
      byAskedId?: true;
    }
  | { is: 'several'; several: Other[] }
  | { is: 'unknown' }
  | { is: 'away' };

/** The try that facts are looked up for: what ends it before its time, and the step of a trace that it is. */
export interface During {
  signal: AbortSignal;
  span: Span;
}

/** Where facts come from besides the model and those who ask. */
export abstract class FactsProvider {
  /** @throws the signal's reason when aborted; that the provider is away is an answer, and thrown by nobody */
  abstract find(wanted: Wanted, judge: Judge, during: During): Promise<Lookup>;
}

/** `FACTS_PROVIDER=none`: the model tells the facts. */
export class NoFacts extends FactsProvider {
  find(): Promise<Lookup> {
    return Promise.resolve({ is: 'unknown' });
  }
}
