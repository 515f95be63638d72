import type { Sought } from '../catalog/sought.js';
import type { AskedFor, Name } from '../catalog/told.js';
import type { GivenFacts } from '../domain/given-facts.js';
import { type EntityKind, KINDS } from '../domain/kinds.js';
import { partsOf } from '../domain/slug.js';
import type { ContextTag, Locale } from '../domain/vocabulary.js';
import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { foldedKeys } from './identity/verdict.js';
import { namesIn } from './names-in.js';

/** What a job is about, as it was asked for. */
export interface Asked {
  entity: EntityKind;
  locale: Locale;
  context_tag: ContextTag;
  /** `null`: a slug alone. */
  text: string | null;
  /** Without what tells it apart from twins, and its words without the year. */
  slug: string;
  base: string;
  year: number | null;
  director: string | null;
  externalIds: { imdb?: string; tmdb?: number };
  /** Whether the best known one is taken where a name means several. */
  choose: boolean;
  refresh: boolean;
  /** Facts that the request gives; `null`: none. */
  facts: GivenFacts | null;
}

export const named = (text: string, entity: EntityKind): Name => ({ text, keys: foldedKeys(text, entity) });

type Subject = Pick<GenerationJob, 'entity' | 'requested_slug' | 'locale' | 'context_tag' | 'request'>;

export function askedBy({ entity, requested_slug, locale, context_tag, request }: Subject): Asked {
  const slug = request.slug ?? requested_slug;
  return {
    entity,
    locale,
    context_tag,
    text: request.subject,
    slug,
    base: partsOf(slug, KINDS[entity].firstYear).base,
    year: request.year,
    director: request.director ?? null,
    externalIds: request.external_ids ?? {},
    choose: request.if_ambiguous === 'choose',
    refresh: request.refresh_facts === true,
    facts: request.facts ?? null,
  };
}

/** Each director who is asked for by a name of their own: "The Coen Brothers" is none. */
const makersIn = (director: string | null): Name[] => namesIn(director ?? '').map((name) => named(name, 'PERSON'));

/** The same as the catalogue looks for it. A group is nobody whom it knows, and yet the request is not open. */
export function soughtBy({ entity, text, slug, year, director, externalIds }: Asked): Sought {
  const people = makersIn(director);
  const makers = director === null || people.length > 0 ? people : [named(director, 'PERSON')];
  return { entity, text, slug, year, makers, externalIds };
}

/** The same as it is stored with what was written. */
export const storedAs = (
  { entity, text, director, externalIds, refresh, facts }: Asked,
  { requested_slug, request }: GenerationJob,
): AskedFor => ({
  name: text === null ? null : named(text, entity),
  slug: request.asked_slug ?? requested_slug,
  isOne: request.slug !== undefined && (request.asked_slug ?? requested_slug) !== request.slug,
  makers: makersIn(director),
  externalIds,
  // What is given is written, whatever is known.
  refresh: refresh || facts !== null,
  replacesPinned: request.replace_pinned === true,
});
