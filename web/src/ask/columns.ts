import type { Kind } from './wish.ts';

/** The position of each column; `undefined`: there is none. */
export interface Columns {
  kind: Kind;
  text: number;
  year?: number;
  director?: number;
  imdb?: number;
  tmdb?: number;
  locale?: number;
  tone?: number;
  /** Says whether the row is a film, in the files of IMDb. */
  type?: number;
  /** Columns `metadata.<name>`. */
  notes: [name: string, column: number][];
}

/** Headers as the command line knows them, only letters and digits, the preferred one first. */
const TITLES = ['title', 'primarytitle', 'movietitle', 'filmtitle', 'movie', 'film', 'originaltitle'];
const NAMES = ['name', 'primaryname', 'fullname', 'personname', 'person'];
const RELEASES = ['releaseyear', 'year', 'startyear', 'titleyear', 'releasedyear', 'releasedate', 'released'];
const BIRTHS = ['birthyear', 'yearofbirth', 'born', 'birthdate', 'dateofbirth', 'birthday'];
/** Beside `name`, these say that films are meant. */
const OF_FILMS = [...RELEASES.filter((name) => name !== 'year'), 'letterboxduri', 'director', 'directors', 'tconst'];
const NOTE = 'metadata.';

const plain = (header: string) => header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** @param chosen decides where the columns do not. @returns `null`: the row is no header */
export function columnsOf(header: string[], chosen: Kind): Columns | null {
  const names = header.map(plain);
  const find = (known: readonly string[]) => {
    const name = known.find((one) => names.includes(one));
    return name === undefined ? undefined : names.indexOf(name);
  };
  const kind = kindOf((known) => find(known) !== undefined, chosen);
  const text = find(kind === 'movie' ? [...TITLES, 'name'] : NAMES);
  if (text === undefined) return null;
  return {
    kind,
    text,
    year: find(kind === 'movie' ? RELEASES : [...BIRTHS, 'year']),
    director: kind === 'movie' ? find(['director', 'directors']) : undefined,
    imdb: find(['imdbid', 'const', 'tconst', 'nconst', 'imdb']),
    tmdb: find(['tmdbid', 'tmdb']),
    locale: find(['locale']),
    tone: find(['contexttag', 'context', 'tone']),
    type: kind === 'movie' ? find(['titletype']) : undefined,
    notes: header.flatMap((name, n) => (name.startsWith(NOTE) ? [[name.slice(NOTE.length), n]] : [])),
  };
}

function kindOf(has: (known: readonly string[]) => boolean, chosen: Kind): Kind {
  if (has(TITLES)) return 'movie';
  const films = has(OF_FILMS);
  const people = has([...BIRTHS, 'primaryname', 'nconst', 'primaryprofession']);
  if (films === people) return chosen;
  return films ? 'movie' : 'person';
}
