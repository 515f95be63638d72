import { Logger } from '@nestjs/common';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import { type Candidate, choiceAmong, yearsAgree } from './choice.js';
import type { FactsCache } from './facts-cache.js';
import { type During, FactsProvider, type Judge, type Lookup, type Other, type Wanted } from './facts-provider.js';
import { Away } from './pace.js';
import { typeOfError } from '../tracing/span.js';
import type { TmdbClient } from './tmdb-client.js';
import { candidatesIn, type Detail, detailIn, foundById, Unreadable } from './tmdb-reader.js';

/** How many are looked at more closely, where what a search tells of them does not say which one is meant. */
const MOST_CLOSER = 5;
/** Longest search for one subject, all requests and waits, milliseconds. */
const WITHIN_MS = 45_000;
/** Longest words that are searched for. */
const MOST_WORDS = 200;
/**
 * So many times as well known as another one is what a name means: by votes on films; by the popularity of people,
 * whose numbers lie closer together.
 */
const OVERSHADOWS = { MOVIE: 100, PERSON: 10 };

/** What is told of one in a single request. */
const MORE = {
  MOVIE: 'credits,alternative_titles,translations,external_ids',
  PERSON: 'movie_credits,external_ids',
};
/** The language of main titles; those of others come with the translations. */
const LANGUAGE = 'en-US';

/** Films and people as TMDB knows them. */
export class TmdbFacts extends FactsProvider {
  private readonly logger = new Logger('Facts');

  constructor(
    private readonly client: Pick<TmdbClient, 'get'>,
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
   * 1. an id says which one it is, unless its names say that it is another one;
   * 2. else those of the name, by search; what the search does not tell of them is looked up;
   * 3. of those that fit, the one that is meant.
   */
  private async lookUp(wanted: Wanted, judge: Judge, signal: AbortSignal): Promise<Lookup> {
    const known = await this.byId(wanted, signal);
    if (known) return judge.fit(known.names, known.year) === 'other' ? UNKNOWN : foundAs(known, wanted, judge);
    const fitting = await this.fitting(wanted, judge, signal);
    const choice = choiceAmong(fitting, { ...wanted, overshadows: OVERSHADOWS[wanted.entity] });
    if (choice.is === 'several' && !wanted.choose)
      return { is: 'several', several: choice.several.map(otherBy(judge)) };
    if (choice.is !== 'one' && choice.is !== 'several') return UNKNOWN;
    const [one, ...rivals] = choice.is === 'one' ? [choice.one] : choice.several;
    const detail = await this.detail(wanted.entity, one!.id, signal);
    const others = choice.is === 'one' ? choice.others : rivals;
    return detail && !isAnother(detail, wanted) ? foundAs(detail, wanted, judge, { others, rivals }) : UNKNOWN;
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

  /** All that are what was asked for, by their names, years and directors. */
  private async fitting(wanted: Wanted, judge: Judge, signal: AbortSignal): Promise<Candidate[]> {
    const { entity, year, director } = wanted;
    const isFilm = entity === 'MOVIE';
    const fits = ({ names, year: own }: Candidate) =>
      isFilm ? judge.fit(names, own) === 'same' : judge.isCalled(names);
    let seen: Candidate[] = [];
    // A film may have come out a year earlier or later than was asked for, and people are not searched by years.
    for (const only of isFilm && year !== null ? [year, null] : [null]) {
      seen = await this.search(wanted, only, signal);
      if (seen.some(fits)) break;
    }
    const called = seen.filter(fits);
    if (isFilm && director === null && called.length > 0) return called;
    const plausible = called.length > 0 ? called : seen.filter((one) => yearsAgree(one.year, year));
    const details = await this.details(entity, plausible.slice(0, MOST_CLOSER), signal);
    return details.filter((one) => judge.fit(one.names, one.year) === 'same' && (!isFilm || judge.isBy(one.directors)));
  }

  private search({ entity, words, locale }: Wanted, year: number | null, signal: AbortSignal): Promise<Candidate[]> {
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
    for (const { id } of all) {
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
    const question = `${path}?${new URLSearchParams(query).toString()}`;
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
  { others = [], rivals = [] }: { others?: Candidate[]; rivals?: Candidate[] } = {},
): Lookup {
  return {
    is: 'found',
    facts: 'title' in facts ? { ...facts, title_localized: local[locale] ?? null } : facts,
    externalIds: { ...(imdb !== null && { imdb }), tmdb: id },
    namesakes: others.map(otherBy(judge)),
    rivals: rivals.map(otherBy(judge)),
  };
}
