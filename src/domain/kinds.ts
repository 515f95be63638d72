/** The first film was shot in 1888. Source: the contract. */
export const FIRST_YEAR = 1888;
/** Authors of filmed plays and novels were born long before there was film. Source: a CHECK of the database. */
export const EARLIEST_BIRTH = 1000;

/** Credits connect the subject of a text with the people or films that the text names. */
interface Credits {
  /** The table of the people or films that a text names. */
  names: string;
  /** The table of credits, and its column for the named person or film. `owner` is its column for the subject. */
  table: string;
  named: string;
  /** Its columns for the characters that the kind's own facts tell, and those of who is named; `NULL`: untold. */
  told: string;
  toldBack: string;
  /** In SQL: the characters that are shown, one of them `NULL` where none is known. */
  characters: string;
  /** Its column for the place that the kind's own facts give; `null`: they give none. */
  place: string | null;
}

interface Row {
  /** The word for it in commands, and the name of its schema for the model. */
  word: string;
  /** First segment of its addresses, and their description in the documentation. */
  path: string;
  about: string;
  queue: string;
  jobName: string;
  table: string;
  /** Columns: the slug of the name without the year, the name, the year. Requests have fields of the last two names. */
  base: string;
  text: string;
  year: string;
  /** The table of its texts, that table's column for the owner, and the name of a text's id in a job's result. */
  texts: string;
  owner: string;
  textId: `${string}_id`;
  /** Its other names, its other slugs, and a view of every name with the first one: `id`, `text`, `base`, `keys`. */
  names: string;
  slugs: string;
  knownAs: string;
  /** The table of its names in the languages of its texts; `null`: it has none. */
  local: string | null;
  /** Columns of what else is told of it, with their types. */
  facts: Record<string, string>;
  /** In SQL, of a row `own`: what the names of those whose work it is are compared by; twins differ in them. */
  makers: string;
  /** In SQL, of a row `own` without a year: that of the first work that names it; nobody is born after it. */
  firstWork: string;
  /** By which rules its names are compared: as titles, or as names of people. */
  called: 'TITLE' | 'NAME';
  /** What an id of it at IMDb begins with. */
  imdb: string;
  /** `null`: its texts name nobody. */
  credits: Credits | null;
  /** The table that connects it with genres; `null`: it has no genres. */
  genres: string | null;
  /** A number at the end of a slug is a year only from this one on. */
  firstYear: number;
}

/** Of a film and somebody in it the film says who plays whom; where it says nothing, the person does. */
const CHARACTERS = `COALESCE(NULLIF(by_movie, '{}'), NULLIF(by_person, '{}'), ARRAY[NULL]::text[])`;

/**
 * The kinds of texts: one row a kind, with everything that differs by kind except the code in its folder. Names of
 * tables and columns become parts of statements. They come from this file only, never from a request.
 */
export const KINDS = {
  MOVIE: {
    word: 'movie',
    path: 'movies',
    about: 'Films and their descriptions',
    queue: 'movies',
    jobName: 'GenerateMovieJob',
    table: 'movies',
    base: 'title_slug',
    text: 'title',
    year: 'release_year',
    texts: 'movie_descriptions',
    owner: 'movie_id',
    textId: 'description_id',
    names: 'movie_titles',
    slugs: 'movie_slugs',
    knownAs: 'movies_known_as',
    local: 'movie_local_titles',
    facts: { director: 'text', original_title: 'text' },
    makers: `ARRAY(SELECT unnest(maker.keys || maker.base) FROM movie_people AS credit
      JOIN people_known_as AS maker ON maker.id = credit.person_id
      WHERE credit.movie_id = own.id AND credit.role = 'DIRECTOR' AND (credit.by_movie IS NOT NULL OR NOT own.known))`,
    firstWork: 'NULL::integer',
    called: 'TITLE',
    imdb: 'tt',
    credits: {
      names: 'people',
      table: 'movie_people',
      named: 'person_id',
      told: 'by_movie',
      toldBack: 'by_person',
      characters: CHARACTERS,
      place: 'billing_order',
    },
    genres: 'movie_genres',
    firstYear: FIRST_YEAR,
  },
  PERSON: {
    word: 'person',
    path: 'people',
    about: 'People and their biographies',
    queue: 'people',
    jobName: 'GeneratePersonJob',
    table: 'people',
    base: 'name_slug',
    text: 'name',
    year: 'birth_year',
    texts: 'person_bios',
    owner: 'person_id',
    textId: 'bio_id',
    names: 'person_names',
    slugs: 'person_slugs',
    knownAs: 'people_known_as',
    local: null,
    facts: { birth_date: 'date', birthplace: 'text' },
    makers: `'{}'::text[]`,
    firstWork: `CASE WHEN own.birth_year IS NULL THEN (SELECT min(film.release_year) FROM movie_people AS credit
      JOIN movies AS film ON film.id = credit.movie_id
      WHERE credit.person_id = own.id AND credit.by_movie IS NOT NULL) END`,
    called: 'NAME',
    imdb: 'nm',
    credits: {
      names: 'movies',
      table: 'movie_people',
      named: 'movie_id',
      told: 'by_person',
      toldBack: 'by_movie',
      characters: CHARACTERS,
      place: null,
    },
    genres: null,
    firstYear: EARLIEST_BIRTH,
  },
} as const satisfies Record<string, Row>;

export type EntityKind = keyof typeof KINDS;
type Known = (typeof KINDS)[EntityKind];
export type Table = Known['table'];
/** Any row. `credits` and `genres` may be `null` here, even while no row has `null`. */
export type Kind = Omit<Known, 'facts' | 'credits' | 'genres'> &
  Pick<Row, 'facts' | 'genres'> & { credits: (Omit<Credits, 'names'> & { names: Table }) | null };
export type Texts = Kind['texts'];
export type KindWord = Kind['word'];
export type TextId = Kind['textId'];

export const ENTITIES = Object.keys(KINDS) as EntityKind[];
export const ROWS: readonly Kind[] = Object.values(KINDS);
export const KIND_WORDS = ROWS.map(({ word }) => word);
export const TEXT_IDS: readonly TextId[] = [...new Set(ROWS.map(({ textId }) => textId))];

/** The row with this table, this table of texts, or this word. */
export const kindOfTable = (table: Table): Kind => ROWS.find((kind) => kind.table === table)!;
export const kindOfTexts = (texts: Texts): Kind => ROWS.find((kind) => kind.texts === texts)!;
export const kindOfWord = (word: KindWord): Kind => ROWS.find((kind) => kind.word === word)!;
/** The same the other way round: the kind's name in jobs. */
export const entityOfWord = (word: KindWord): EntityKind => ENTITIES.find((entity) => KINDS[entity].word === word)!;
