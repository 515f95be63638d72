/** The first film was shot in 1888. Source: the contract. */
export const FIRST_YEAR = 1888;
/** Those whose plays and novels are filmed were born long before there was film. Source: a CHECK of the database. */
export const EARLIEST_BIRTH = 1000;

/**
 * What texts are written about: one row a kind, and everything that differs by it but its own folder. The names of
 * tables and columns become parts of statements, which is why they stand here and come from nowhere else.
 */
export const KINDS = {
  MOVIE: {
    /** Its word in commands, and the name of its schema for the model. */
    word: 'movie',
    /** Folder of its addresses. */
    path: 'movies',
    queue: 'movies',
    jobName: 'GenerateMovieJob',
    table: 'movies',
    /** Columns: the slug of the name without the year, the name, the year. */
    base: 'title_slug',
    text: 'title',
    year: 'release_year',
    /** Table of its texts, their column for whose they are, and the name of their id in a job's result. */
    texts: 'movie_descriptions',
    owner: 'movie_id',
    textId: 'description_id',
    /** Columns of what else is told of it, with their types; and the kind of those that its text names. */
    facts: { director: 'text' },
    names: 'people',
    /** A slug's trailing number before this is no year. */
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

/** The row of a table, of a table of texts, or of a word. */
export const kindOfTable = (table: Table): Kind => ROWS.find((kind) => kind.table === table)!;
export const kindOfTexts = (texts: Texts): Kind => ROWS.find((kind) => kind.texts === texts)!;
export const kindOfWord = (word: KindWord): Kind => ROWS.find((kind) => kind.word === word)!;
