import { CliError } from './errors.js';
import type { Kind } from './options.js';

/** Where in a line each thing is; `undefined`: the file has no such column. */
export interface Columns {
  kind: Kind;
  text: number;
  year?: number;
  locale?: number;
  context?: number;
  /** Whether it is a film: IMDb's, where only films are films. */
  titleType?: number;
  /** The same, of whoever else has such a column: it may tell something else. */
  type?: number;
  /** Names of columns that identify the film, and that nothing is done with yet. */
  ids: string[];
  /** Names of columns that look as if they told what is wanted, and do not. */
  unused: string[];
}

/** Headers as the usual exports have them, letters and digits alone, the best first. */
const TITLES = ['title', 'primarytitle', 'movietitle', 'filmtitle', 'seriestitle', 'movie', 'film', 'originaltitle'];
const NAMES = ['name', 'primaryname', 'fullname', 'personname', 'person'];
const RELEASES = ['releaseyear', 'year', 'startyear', 'titleyear', 'releasedyear', 'releasedate', 'released'];
const BIRTHS = ['birthyear', 'yearofbirth', 'born', 'birthdate', 'dateofbirth', 'birthday'];
const IDS = ['imdb', 'imdbid', 'const', 'tconst', 'tmdb', 'tmdbid'];
/** Of a request by HTTP; and what the language is called elsewhere. */
const NOT_OURS = ['slug', 'ifexists', 'webhookurl', 'webhookevents', 'deadlineseconds', 'language', 'lang', 'tag'];
/** Columns that films have and people have not, and the other way round. */
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
 * @param told movie or person, as the command says; else the columns tell.
 * @throws CliError one line that says what decides
 */
export function columnsOf(header: string[], told: Kind | undefined, file: string): Columns {
  const names = header.map(plain);
  const find = (known: readonly string[]) => {
    const name = known.find((one) => names.includes(one));
    return name === undefined ? undefined : names.indexOf(name);
  };
  const kind = kindOf(names, told, file);
  const text = kind === 'movie' ? find([...TITLES, 'name']) : find(NAMES);
  if (text === undefined) throw noText(kind, header, file);
  return {
    kind,
    text,
    year: find(kind === 'movie' ? RELEASES : [...BIRTHS, 'year']),
    locale: find(['locale']),
    context: find(['contexttag', 'context']),
    titleType: kind === 'movie' ? find(['titletype']) : undefined,
    type: kind === 'movie' ? find(['type']) : undefined,
    ids: header.filter((_, n) => IDS.includes(names[n]!)),
    unused: header.filter((_, n) => NOT_OURS.includes(names[n]!)),
  };
}

function kindOf(names: string[], told: Kind | undefined, file: string): Kind {
  const has = (known: readonly string[]) => known.some((name) => names.includes(name));
  const films = has(TITLES) || (has(OF_FILMS) && !has(OF_PEOPLE));
  const people = !has(TITLES) && has(OF_PEOPLE) && !has(OF_FILMS);
  if (told === 'movie' && people) throw contradiction(file, 'people', 'person');
  if (told === 'person' && films && !has(OF_PEOPLE)) throw contradiction(file, 'films', 'movie');
  if (told) return told;
  if (films && !(has(NAMES) && has(OF_PEOPLE))) return 'movie';
  if (people) return 'person';
  if (!has([...NAMES, ...TITLES])) {
    throw new CliError(
      `${file} needs the header title,year or name,birth_year (those of IMDb, Letterboxd, TMDB and Kaggle will do): its first line has neither title nor name`,
    );
  }
  throw new CliError(
    `${file} could be films or people: say which, generate movie --file … or generate person --file …`,
  );
}

const contradiction = (file: string, what: string, kind: Kind) =>
  new CliError(`${file} has the columns of ${what}: write generate ${kind} --file …, or rename the columns`);

const noText = (kind: Kind, header: string[], file: string) =>
  new CliError(
    `${file} has no column ${kind === 'movie' ? 'title' : 'name'}; it has ${header.join(', ').slice(0, 100)}`,
  );
