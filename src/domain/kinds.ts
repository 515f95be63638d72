/** The first film was shot in 1888. Source: the contract. */
export const FIRST_YEAR = 1888;
/** Authors of filmed plays and novels were born long before there was film. Source: a CHECK of the database. */
export const EARLIEST_BIRTH = 1000;

/**
 * The kinds of texts: one row a kind, with everything that differs by kind except the code in its folder. Names of
 * tables and columns become parts of statements. They come from this file only, never from a request.
 */
export const KINDS = {
  MOVIE: {
    /** The word for it in commands, and the name of its schema for the model. */
    word: 'movie',
    /** First segment of its addresses. */
    path: 'movies',
    queue: 'movies',
    jobName: 'GenerateMovieJob',
    table: 'movies',
    /** Columns: the slug of the name without the year, the name, the year. */
    base: 'title_slug',
    text: 'title',
    year: 'release_year',
    /** The table of its texts, that table's column for the owner, and the name of a text's id in a job's result. */
    texts: 'movie_descriptions',
    owner: 'movie_id',
    textId: 'description_id',
    /** Further columns, with their types; and the kind of those that its text names. */
    facts: { director: 'text' },
    names: 'people',
    /** A number at the end of a slug is a year only from this one on. */
    firstYear: FIRST_YEAR,
  },
  PERSON: {
    word: 'person',
    path: 'people',
    queue: 'people',
    jobName: 'GeneratePersonJob',
    table: 'people',
    base: 'name_slug',
    text: 'name',
    year: 'birth_year',
    texts: 'person_bios',
    owner: 'person_id',
    textId: 'bio_id',
    facts: { birth_date: 'date', birthplace: 'text' },
    names: 'movies',
    firstYear: EARLIEST_BIRTH,
  },
} as const;

export type EntityKind = keyof typeof KINDS;
export type Kind = (typeof KINDS)[EntityKind];
export type Table = Kind['table'];
export type Texts = Kind['texts'];
export type KindWord = Kind['word'];

export const ENTITIES = Object.keys(KINDS) as EntityKind[];
const ROWS: readonly Kind[] = Object.values(KINDS);

/** The row with this table, this table of texts, or this word. */
export const kindOfTable = (table: Table): Kind => ROWS.find((kind) => kind.table === table)!;
export const kindOfTexts = (texts: Texts): Kind => ROWS.find((kind) => kind.texts === texts)!;
export const kindOfWord = (word: KindWord): Kind => ROWS.find((kind) => kind.word === word)!;
