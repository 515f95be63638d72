import { KIND_WORDS, kindOfWord } from '../domain/kinds.js';
import { CliError } from './errors.js';
import type { Kind } from './options.js';

/** The position of each column; `undefined`: the file has no such column. */
export interface Columns {
  kind: Kind;
  text: number;
  year?: number;
  locale?: number;
  context?: number;
  /** Says whether the row is a film. This is IMDb's column, where only films have the types of films. */
  titleType?: number;
  /** The same column of other exports, where it may mean something else. */
  type?: number;
  /** Ids of the film or person at IMDb and at The Movie Database. */
  imdb?: number;
  tmdb?: number;
  /** Columns `metadata.<name>`: the name of a note, and its position. */
  metadata: [name: string, column: number][];
  /** Columns that look like fields of a request and are not used. */
  unused: string[];
}

/** Headers of the usual exports, only letters and digits, the preferred one first. */
const TITLES = ['title', 'primarytitle', 'movietitle', 'filmtitle', 'seriestitle', 'movie', 'film', 'originaltitle'];
const NAMES = ['name', 'primaryname', 'fullname', 'personname', 'person'];
const RELEASES = ['releaseyear', 'year', 'startyear', 'titleyear', 'releasedyear', 'releasedate', 'released'];
const BIRTHS = ['birthyear', 'yearofbirth', 'born', 'birthdate', 'dateofbirth', 'birthday'];
/** How exports spell the columns of a kind. For other kinds a column has the name of the request's field. */
const SPELLINGS: Partial<Record<Kind, { texts: string[]; years: string[] }>> = {
  movie: { texts: [...TITLES, 'name'], years: RELEASES },
  person: { texts: NAMES, years: [...BIRTHS, 'year'] },
};
const IMDB_IDS = ['imdbid', 'const', 'tconst', 'nconst', 'imdb'];
const TMDB_IDS = ['tmdbid', 'tmdb'];
const NOTE = 'metadata.';
/** Fields of an HTTP request that files do not support, and other names for a language. */
const NOT_OURS = ['slug', 'ifexists', 'webhookurl', 'webhookevents', 'deadlineseconds', 'language', 'lang', 'tag'];
/** Columns that only films have, or only people. */
const OF_FILMS = [
  ...RELEASES.filter((name) => name !== 'year'),
  'letterboxduri',
  'titletype',
  'genre',
  'genres',
  'director',
  'directors',
  'runtime',
  'runtimemins',
  'runtimeminutes',
  'imdbrating',
  'tconst',
  'votes',
  'numvotes',
  'budget',
  'revenue',
  'gross',
];
const OF_PEOPLE = [...BIRTHS, 'deathyear', 'primaryname', 'primaryprofession', 'knownfor', 'knownfortitles', 'nconst'];

const plain = (header: string) => header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/**
 * @param chosen movie or person, if the command names it; else the columns decide
 * @throws CliError with one line that says how to decide
 */
export function columnsOf(header: string[], chosen: Kind | undefined, file: string): Columns {
  const names = header.map(plain);
  const find = (known: readonly string[]) => {
    const name = known.find((one) => names.includes(one));
    return name === undefined ? undefined : names.indexOf(name);
  };
  const kind = kindOf(names, chosen, file);
  const { texts, years } = SPELLINGS[kind] ?? ownNames(kind);
  const text = find(texts);
  if (text === undefined) throw noText(kind, header, file);
  return {
    kind,
    text,
    year: find(years),
    locale: find(['locale']),
    context: find(['contexttag', 'context', 'tone']),
    titleType: kind === 'movie' ? find(['titletype']) : undefined,
    type: kind === 'movie' ? find(['type']) : undefined,
    imdb: find(IMDB_IDS),
    tmdb: find(TMDB_IDS),
    metadata: header.flatMap((name, n) => (name.startsWith(NOTE) ? [[name.slice(NOTE.length), n]] : [])),
    unused: header.filter((_, n) => NOT_OURS.includes(names[n]!)),
  };
}

const ownNames = (kind: Kind) => {
  const { text, year } = kindOfWord(kind);
  return { texts: [plain(text)], years: [plain(year), 'year'] };
};

function kindOf(names: string[], chosen: Kind | undefined, file: string): Kind {
  const has = (known: readonly string[]) => known.some((name) => names.includes(name));
  const films = has(TITLES) || (has(OF_FILMS) && !has(OF_PEOPLE));
  const people = !has(TITLES) && has(OF_PEOPLE) && !has(OF_FILMS);
  if (chosen === 'movie' && people) throw contradiction(file, 'people', 'person');
  if (chosen === 'person' && films && !has(OF_PEOPLE)) throw contradiction(file, 'films', 'movie');
  if (chosen) return chosen;
  const other = KIND_WORDS.find((kind) => !SPELLINGS[kind] && names.includes(plain(kindOfWord(kind).year)));
  if (other) return other;
  if (films && !(has(NAMES) && has(OF_PEOPLE))) return 'movie';
  if (people) return 'person';
  if (!has([...NAMES, ...TITLES])) {
    throw new CliError(
      `${file} needs the header title,year or name,birth_year (those of IMDb, Letterboxd, ` +
        'TMDB and Kaggle will do): its first line has neither title nor name',
    );
  }
  throw new CliError(
    `${file} could be films or people: say which, generate movie --file … or generate person --file …`,
  );
}

const contradiction = (file: string, what: string, kind: Kind) =>
  new CliError(`${file} has the columns of ${what}: write generate ${kind} --file …, or rename the columns`);

const noText = (kind: Kind, header: string[], file: string) =>
  new CliError(`${file} has no column ${kindOfWord(kind).text}; it has ${header.join(', ').slice(0, 100)}`);
