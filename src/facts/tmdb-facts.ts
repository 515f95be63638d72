import { Logger } from '@nestjs/common';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import { yearsAgree } from '../domain/years.js';
import { type Candidate, choiceAmong, namesakesOf } from './choice.js';
import type { FactsCache } from './facts-cache.js';
import { type During, FactsProvider, type Judge, type Lookup, type Other, type Wanted } from './facts-provider.js';
import { Away } from './pace.js';
import { typeOfError } from '../tracing/span.js';
import type { TmdbClient } from './tmdb-client.js';
import { candidatesIn, type Detail, detailIn, foundById, Unreadable } from './tmdb-reader.js';

/** How many are looked at more closely, where what a search tells of them does not say which one is meant. */
const MOST_CLOSER = 5;
/** Longest search for one subject, all requests and waits, milliseconds. */
const WITHIN_MS = 90_000;
/** Longest words that are searched for. */
const MOST_WORDS = 200;
/**
 * So many times as well known as another one is what a name means. Films have votes; people have a popularity, whose
 * numbers lie closer together.
 */
const OVERSHADOWS = { MOVIE: 100, PERSON: 10 };

/** What is told of one in a single request. */
const MORE = {
  MOVIE: 'credits,alternative_titles,translations,external_ids',
  PERSON: 'movie_credits,external_ids',
};
/** The language of main titles; those of others come with the translations. */
const LANGUAGE = 'en-US';

/** What a search comes to: those that fit, and those of the name, whatever their years. */
interface Seen {
  fitting: Candidate[];
  called: Candidate[];
}

/** Films and people as TMDB knows them. */
export class TmdbFacts extends FactsProvider {
  private readonly logger = new Logger('Facts');

  constructor(
    private readonly client: Pick<TmdbClient, 'get' | 'place'>,
    private readonly cache: Pick<FactsCache, 'answer'>,
  ) {
    super();
  }

  async find(wanted: Wanted, judge: Judge, { signal, span }: During): Promise<Lookup> {
    const step = span.child('look up facts');
    try {
      const found = await this.withinTime(wanted, judge, signal);
      step.set({ 'moviemind.facts': found.is });
      return found;
    } catch (error) {
      step.fail(typeOfError(error));
      throw error;
    } finally {
      step.end();
    }
  }

  private async withinTime(wanted: Wanted, judge: Judge, signal: AbortSignal): Promise<Lookup> {
    const timeout = AbortSignal.timeout(WITHIN_MS);
    try {
      return await this.lookUp(wanted, judge, AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Away || error instanceof Unreadable || timeout.aborted)) throw error;
      // That it is away was told when it went.
      const level = error instanceof Unreadable ? 'warn' : 'debug';
      this.logger[level]({ msg: 'the model alone tells the facts', reason: (error as Error).message });
      return { is: 'away' };
    }
  }

  /**
   * 1. an id says which one it is: one of the request is judged by whoever asks, one of a row by names and year;
   * 2. else those of the name, by search; what the search does not tell of them is looked up;
   * 3. of those that fit, the one that is meant.
   */
  private async lookUp(wanted: Wanted, judge: Judge, signal: AbortSignal): Promise<Lookup> {
    const known = await this.byId(wanted, signal);
    if (known && wanted.asksById) return { ...foundAs(known, wanted, judge), byAskedId: true };
    if (known) return judge.fit(known.names, known.year) === 'other' ? UNKNOWN : foundAs(known, wanted, judge);
    const { fitting, called } = await this.search(wanted, judge, signal);
    const overshadows = OVERSHADOWS[wanted.entity];
    const choice = choiceAmong(fitting, { ...wanted, overshadows });
    if (choice.is === 'several' && !wanted.choose)
      return { is: 'several', several: choice.several.map(otherBy(judge)) };
    if (choice.is !== 'one' && choice.is !== 'several') return UNKNOWN;
    const [one, ...rivals] = choice.is === 'one' ? [choice.one] : choice.several;
    const detail = await this.detail(wanted.entity, one!.id, signal);
    if (detail === null || isAnother(detail, wanted)) return UNKNOWN;
    return foundAs(detail, wanted, judge, { namesakes: namesakesOf(detail, called, overshadows), rivals });
  }

  private async byId({ entity, externalIds: { tmdb, imdb } }: Wanted, signal: AbortSignal): Promise<Detail | null> {
    if (tmdb !== undefined) return this.detail(entity, tmdb, signal);
    if (imdb === undefined) return null;
    const [one] = await this.asked(
      `find/${imdb}`,
      { external_source: 'imdb_id', language: LANGUAGE },
      signal,
      (body) => (body === null ? [] : foundById(entity, body)),
    );
    return one ? this.detail(entity, one.id, signal) : null;
  }

  /**
   * All that are what was asked for, by their names, years and directors; and all that are called so. People are told
   * apart by what a search does not tell, and so are films by their directors and by titles in other languages.
   */
  private async search(wanted: Wanted, judge: Judge, signal: AbortSignal): Promise<Seen> {
    const { entity, year, director } = wanted;
    const isFilm = entity === 'MOVIE';
    const fits = ({ names, year: own }: Candidate) =>
      isFilm ? judge.fit(names, own) === 'same' : judge.isCalled(names);
    const isCalled = ({ names }: Candidate) => judge.isCalled(names);
    let seen = await this.page(wanted, null, signal);
    // Of a title that many films bear the one of that year may stand on a later page.
    if (isFilm && year !== null && !seen.some((one) => one.year === year && fits(one)))
      seen = [...(await this.page(wanted, year, signal)), ...seen];
    const fitting = seen.filter(fits);
    if (isFilm && director === null && fitting.length > 0) return { fitting, called: seen.filter(isCalled) };
    const plausible = fitting.length > 0 ? fitting : seen.filter((one) => yearsAgree(one.year, year));
    const details = await this.details(entity, plausible, signal);
    const isMeant = (one: Detail) => judge.fit(one.names, one.year) === 'same' && judge.isBy(one.directors);
    return { fitting: details.filter(isMeant), called: [...(isFilm ? seen : []), ...details].filter(isCalled) };
  }

  /** The first page of a search, the best first. */
  private page({ entity, words, locale }: Wanted, year: number | null, signal: AbortSignal): Promise<Candidate[]> {
    const query = {
      query: words.slice(0, MOST_WORDS),
      include_adult: 'false',
      language: locale,
      page: '1',
      ...(year !== null && { year: String(year) }),
    };
    return this.asked(`search/${KINDS[entity].word}`, query, signal, (body) => candidatesIn(entity, body));
  }

  private async details(entity: EntityKind, all: Candidate[], signal: AbortSignal): Promise<Detail[]> {
    const details: Detail[] = [];
    const ids = new Set(all.map(({ id }) => id));
    for (const id of [...ids].slice(0, MOST_CLOSER)) {
      const detail = await this.detail(entity, id, signal);
      if (detail) details.push(detail);
    }
    return details;
  }

  private detail(entity: EntityKind, id: number, signal: AbortSignal): Promise<Detail | null> {
    const query = { language: LANGUAGE, append_to_response: MORE[entity] };
    return this.asked(`${KINDS[entity].word}/${id}`, query, signal, (body) =>
      body === null ? null : detailIn(entity, body),
    );
  }

  /** What is read of an answer is what is kept of it. */
  private asked<T>(
    path: string,
    query: Record<string, string>,
    signal: AbortSignal,
    read: (body: unknown) => T,
  ): Promise<T> {
    const question = `${this.client.place}/${path}?${new URLSearchParams(query).toString()}`;
    return this.cache.answer(question, async () => read(await this.client.get(path, query, signal)));
  }
}

const UNKNOWN: Lookup = { is: 'unknown' };

/** Whether it has other ids than those that were asked for, which TMDB does not know. */
const isAnother = ({ id, imdb }: Detail, { externalIds }: Wanted) =>
  (externalIds.tmdb ?? id) !== id || (externalIds.imdb !== undefined && imdb !== null && imdb !== externalIds.imdb);

/** By the name that was asked for, where it has that one among others. */
const otherBy =
  ({ isCalled }: Judge) =>
  ({ names, year }: Candidate): Other => ({ text: names.find((name) => isCalled([name])) ?? names[0]!, year });

function foundAs(
  { id, facts, imdb, local }: Detail,
  { locale }: Wanted,
  judge: Judge,
  { namesakes = [], rivals = [] }: { namesakes?: Candidate[]; rivals?: Candidate[] } = {},
): Extract<Lookup, { is: 'found' }> {
  return {
    is: 'found',
    facts: 'title' in facts ? { ...facts, title_localized: local[locale] ?? null } : facts,
    externalIds: { ...(imdb !== null && { imdb }), tmdb: id },
    namesakes: namesakes.map(otherBy(judge)),
    rivals: rivals.map(otherBy(judge)),
  };
}
