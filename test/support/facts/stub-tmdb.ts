import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A film as the stub knows it; what is missing is empty, as it is there. */
export interface StubFilm {
  id: number;
  title: string;
  original_title?: string;
  release_date?: string | null;
  vote_count?: number;
  adult?: boolean;
  imdb_id?: string;
  directors?: string[];
  cast?: { name: string; character?: string }[];
  /** Ids. */
  genres?: number[];
  /** By locale. */
  translations?: Record<string, string>;
  alternatives?: string[];
}

/** The same of a person. */
export interface StubPerson {
  id: number;
  name: string;
  also_known_as?: string[];
  birthday?: string | null;
  place_of_birth?: string | null;
  popularity?: number;
  adult?: boolean;
  imdb_id?: string;
  films?: { id: number; title: string; release_date?: string; character?: string; vote_count?: number }[];
}

/** What it does with one request in place of a good answer. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'body'; body: string }
  | { kind: 'hang' }
  | { kind: 'reset' };

export interface StubRequest {
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  at: number;
}

/** A key of the older kind, and a token of the newer one. */
export const API_KEY = '0123456789abcdef0123456789abcdef';
export const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzY29wZXMiOiJhcGkifQ.c3R1Yg';
/** Codes that its errors carry beside the HTTP status. */
const CODES: Record<number, number> = { 401: 7, 404: 34, 429: 25, 500: 11, 503: 9 };

/**
 * Speaks TMDB's wire format, as its public documentation tells it, and misbehaves on demand: faults are used up in
 * order, then it answers well. It knows what a test has told it, and nothing else.
 */
export class StubTmdb {
  films: StubFilm[] = [];
  people: StubPerson[] = [];
  readonly requests: StubRequest[] = [];
  /** Requests a second that it answers; more get 429. */
  perSecond = Infinity;
  private faults: Fault[] = [];
  /** What it does once all faults are used up; `null`: it answers. */
  always: Fault | null = null;
  readonly url: string;
  private readonly server: Server;

  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  static async start(): Promise<StubTmdb> {
    let stub: StubTmdb;
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://tmdb.invalid');
      const path = pathname.replace('/3/', '');
      stub.answer({ path, query: searchParams, headers: request.headers, at: Date.now() }, response);
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    stub = new StubTmdb(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/3`);
    return stub;
  }

  /** Settings of a program that asks this one. */
  get settings() {
    return { FACTS_PROVIDER: 'tmdb', TMDB_API_KEY: API_KEY, TMDB_BASE_URL: this.url };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** Forgets all that it was told and asked. */
  reset(): void {
    this.films = [];
    this.people = [];
    this.requests.splice(0);
    this.faults = [];
    this.always = null;
    this.perSecond = Infinity;
  }

  fail(...faults: Fault[]): void {
    this.faults = faults;
  }

  /** The paths that were asked for, with what was searched for. */
  get asked(): string[] {
    return this.requests.map(({ path, query }) => [path, query.get('query')].filter(Boolean).join(' '));
  }

  private answer(request: StubRequest, response: ServerResponse): void {
    this.requests.push(request);
    if (this.lately(request.at) > this.perSecond) return error(response, 429, { 'retry-after': '1' });
    const fault = this.faults.shift() ?? this.always;
    if (fault) return misbehave(fault, response);
    const { authorization } = request.headers;
    if (request.query.get('api_key') !== API_KEY && authorization !== `Bearer ${TOKEN}`) return error(response, 401);
    const body = this.bodyFor(request);
    if (body === null) return error(response, 404);
    send(response, 200, body);
  }

  private lately(now: number): number {
    const before = this.requests.findLastIndex(({ at }) => at <= now - 1000);
    return this.requests.length - 1 - before;
  }

  private bodyFor({ path, query }: StubRequest): object | null {
    const [first, second] = path.split('/');
    if (path === 'search/movie') return page(this.found(this.films, query).map((film) => listed(film, query)));
    if (path === 'search/person') return page(this.found(this.people, query).map(listedPerson));
    if (first === 'find') return this.byImdb(second!);
    if (first === 'movie')
      return nullable(
        this.films.find(({ id }) => id === Number(second)),
        detailed,
      );
    if (first === 'person')
      return nullable(
        this.people.find(({ id }) => id === Number(second)),
        detailedPerson,
      );
    return null;
  }

  /** By any of their names, as there; those for adults are only shown to who asks for them. */
  private found<One extends StubFilm | StubPerson>(all: One[], query: URLSearchParams): One[] {
    const words = folded(query.get('query') ?? '');
    const year = query.get('year');
    return all.filter((one) => {
      const isShown = one.adult !== true || query.get('include_adult') === 'true';
      return isOfYear(one, year) && isShown && namesOf(one).some((name) => folded(name).includes(words));
    });
  }

  private byImdb(id: string): object {
    return {
      movie_results: this.films.filter(({ imdb_id }) => imdb_id === id).map((film) => listed(film)),
      person_results: this.people.filter(({ imdb_id }) => imdb_id === id).map(listedPerson),
      tv_results: [],
      tv_episode_results: [],
      tv_season_results: [],
    };
  }
}

const nullable = <T>(one: T | undefined, body: (one: T) => object) => (one === undefined ? null : body(one));

const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const isOfYear = (one: StubFilm | StubPerson, year: string | null) =>
  year === null || ('title' in one && (one.release_date ?? '').startsWith(year));

function namesOf(one: StubFilm | StubPerson): string[] {
  if (!('title' in one)) return [one.name, ...(one.also_known_as ?? [])];
  const { title, original_title = title, translations = {}, alternatives = [] } = one;
  return [title, original_title, ...Object.values(translations), ...alternatives];
}

const page = (results: object[]) => ({
  page: 1,
  results,
  total_pages: results.length === 0 ? 0 : 1,
  total_results: results.length,
});

function listed(film: StubFilm, query = new URLSearchParams()): object {
  const { id, title, original_title = title, adult = false, vote_count = 100, genres = [], translations = {} } = film;
  return {
    adult,
    id,
    original_title,
    vote_count,
    ...(film.release_date !== undefined && { release_date: film.release_date }),
    backdrop_path: null,
    genre_ids: genres,
    original_language: 'en',
    overview: '',
    popularity: 1.5,
    poster_path: null,
    title: translations[query.get('language') ?? ''] ?? title,
    video: false,
    vote_average: 6.1,
  };
}

function detailed(film: StubFilm): object {
  const { title, imdb_id = null, directors = [], cast = [], genres = [], translations = {}, alternatives = [] } = film;
  return {
    ...listed(film),
    title,
    genres: genres.map((id) => ({ id, name: `Genre ${id}` })),
    imdb_id,
    external_ids: { imdb_id, wikidata_id: null, facebook_id: null },
    credits: {
      // In no order: what counts is the number.
      cast: cast.map(({ name, character = '' }, order) => ({ ...person(name), character, order })).reverse(),
      crew: [
        { ...person('Eddie Editor'), department: 'Editing', job: 'Editor' },
        ...directors.map((name) => ({ ...person(name), department: 'Directing', job: 'Director' })),
      ],
    },
    alternative_titles: { titles: alternatives.map((name) => ({ iso_3166_1: 'US', title: name, type: '' })) },
    translations: {
      translations: Object.entries({ 'en-US': '', ...translations }).map(([locale, name]) => {
        const [iso_639_1, iso_3166_1] = locale.split('-');
        return { iso_639_1, iso_3166_1, name: '', english_name: '', data: { title: name, overview: '' } };
      }),
    },
  };
}

const person = (name: string) => ({ adult: false, id: name.length, name, original_name: name, credit_id: 'c' });

function listedPerson({ id, name, adult = false, popularity = 1 }: StubPerson): object {
  return { adult, id, name, original_name: name, popularity, gender: 0, known_for: [], profile_path: null };
}

function detailedPerson(one: StubPerson): object {
  const { also_known_as = [], birthday = null, place_of_birth = null, imdb_id = null, films = [] } = one;
  return {
    ...listedPerson(one),
    also_known_as,
    birthday,
    place_of_birth,
    imdb_id,
    biography: '',
    external_ids: { imdb_id },
    movie_credits: {
      cast: films.map(({ character = '', release_date = '', ...film }) => ({
        ...film,
        character,
        release_date,
      })),
      crew: [],
    },
  };
}

function misbehave(fault: Fault, response: ServerResponse): void {
  if (fault.kind === 'status') return error(response, fault.status, fault.headers);
  if (fault.kind === 'body') return void response.writeHead(200, JSON_TYPE).end(fault.body);
  if (fault.kind === 'reset') return void response.socket!.resetAndDestroy();
}

const JSON_TYPE = { 'content-type': 'application/json;charset=utf-8' };

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
}

function error(response: ServerResponse, status: number, headers?: Record<string, string>): void {
  send(
    response,
    status,
    { success: false, status_code: CODES[status] ?? 15, status_message: 'told by the stub' },
    headers,
  );
}
