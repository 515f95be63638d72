import type { Director, Job, Page, Text, TextVersion } from '../data/api.ts';

/** Films and people in one form, so that the views need only one of everything. */
export interface Ref {
  slug: string;
  name: string;
  year: number | null;
}

export const ROLES = ['DIRECTOR', 'WRITER', 'PRODUCER', 'ACTOR'] as const;
export type Role = (typeof ROLES)[number];

/** Which text: a language and a tone. */
export interface Variant {
  locale: string;
  context_tag: string;
}

export interface StoredVariant extends Variant {
  /** The one that is served. */
  version: number;
}

export interface Credit extends Ref {
  role: Role;
  character: string | null;
}

/** What a list tells of a film or a person. */
export interface Entry extends Ref {
  id: string;
  /** The title in the language of the text. */
  localized: string | null;
  otherNames: string[];
  directors: Director[];
  genres: { slug: string; name: string }[];
  text: Text | null;
  /** In which there are texts; in a list alone. */
  locales: string[];
}

export interface Subject extends Entry {
  original: string | null;
  birthDate: string | null;
  birthplace: string | null;
  ids: { imdb: string | null; tmdb: number | null };
  factsOrigin: 'MODEL' | 'TMDB' | 'CLIENT' | 'HUMAN';
  variants: StoredVariant[];
  /** The first hundred. */
  credits: Credit[];
  creditsTotal: number;
  hidden: boolean;
  ambiguous: boolean;
  alternatives: Ref[];
  createdAt: string;
  updatedAt: string;
}

export interface ListQuery {
  q?: string | undefined;
  year?: number | undefined;
  genre?: string | undefined;
  director?: string | undefined;
  sort?: 'title' | 'year' | 'updated' | undefined;
  page: number;
  locale: string;
}

export type Results<Result> = Page & { results: Result[] };

/** A text of one's own; `if_version`: only while this version is served. */
export type Written = Variant & { text: string; if_version: number };

/** The operations of one kind. What only reads takes a signal; what changes is sent as the visitor's own deed. */
export interface Kind {
  part: 'films' | 'people';
  list(query: ListQuery, signal: AbortSignal): Promise<Results<Entry>>;
  get(slug: string, variant: Partial<Variant>, signal: AbortSignal): Promise<Subject>;
  versions(id: string, query: Partial<Variant> & Paged, signal: AbortSignal): Promise<Results<TextVersion>>;
  credits(id: string, page: number, signal: AbortSignal): Promise<Results<Credit>>;
  /** Slugs of those in the credits that have no text. */
  withoutText(credits: Credit[], signal: AbortSignal): Promise<Set<string>>;
  ask(of: Ref, variant?: Variant): Promise<Job>;
  correct(id: string, changes: object): Promise<unknown>;
  write(id: string, text: Written): Promise<unknown>;
  restore(id: string, text: string): Promise<unknown>;
  removeText(id: string, text: string): Promise<unknown>;
  remove(id: string, block: boolean): Promise<unknown>;
}

interface Paged {
  page: number;
  per_page: number;
}

export const CREDITS_A_PAGE = 100;
export const ENTRIES_A_PAGE = 24;

export const sameVariant = (one: Variant, other: Variant) =>
  one.locale === other.locale && one.context_tag === other.context_tag;
