export type Kind = 'movie' | 'person';
export const KINDS = ['movie', 'person'] as const;

/** The form, as it was typed. Empty: left to the server. */
export interface Wish {
  kind: Kind;
  text: string;
  year: string;
  locale: string;
  tone: string;
  ifExists: string;
  ifAmbiguous: string;
  director: string;
  refreshFacts: boolean;
  deadline: string;
}

export const EMPTY: Wish = {
  kind: 'movie',
  text: '',
  year: '',
  locale: '',
  tone: '',
  ifExists: '',
  ifAmbiguous: '',
  director: '',
  refreshFacts: false,
  deadline: '',
};

/** What the API calls the two fields that films and people have of their own. */
export const FIELDS = {
  movie: { text: 'title', year: 'release_year' },
  person: { text: 'name', year: 'birth_year' },
} as const;

/** A request as it was typed: the server says what is wrong with it, so a year may be a word. */
export interface Request {
  title?: string;
  name?: string;
  slug?: string;
  release_year?: number | string;
  birth_year?: number | string;
  locale?: string;
  context_tag?: string;
  director?: string;
  external_ids?: { imdb?: string; tmdb?: number };
  metadata?: Record<string, string>;
  [option: string]: unknown;
}

/** What is no number goes as it is, since the server says best what it wants. */
export const numberOr = (text: string) => (/^\s*-?\d+\s*$/.test(text) ? Number(text) : text.trim());

/** Body of the request. */
export function bodyOf(wish: Wish): Request {
  const { text, year } = FIELDS[wish.kind];
  const given = {
    [year]: numberOr(wish.year),
    locale: wish.locale,
    context_tag: wish.tone,
    if_exists: wish.ifExists,
    if_ambiguous: wish.ifAmbiguous,
    director: wish.kind === 'movie' ? wish.director.trim() : '',
    refresh_facts: wish.refreshFacts || '',
    deadline_seconds: numberOr(wish.deadline),
  };
  const present = Object.entries(given).filter(([, value]) => value !== '');
  return { [text]: wish.text, ...Object.fromEntries(present) };
}

/** The fields of a refused request that the form shows under this name. */
export const fieldsOf = ({ kind }: Wish) => [
  FIELDS[kind].text,
  FIELDS[kind].year,
  'locale',
  'context_tag',
  ...MORE_FIELDS,
];
export const MORE_FIELDS = ['if_exists', 'if_ambiguous', 'director', 'refresh_facts', 'deadline_seconds'];
