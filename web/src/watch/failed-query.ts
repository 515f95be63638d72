import type { FailedJob, ListFailedJobsData } from '../data/api.ts';
import { go, place } from '../data/place.ts';
import { words } from '../words/words.ts';

export type Filter = Pick<NonNullable<ListFailedJobsData['query']>, 'type' | 'entity' | 'q' | 'since'>;

/** What the address says. A value that the server does not know is left out. */
export function filterOf({ query }: { query: URLSearchParams }): Filter {
  const { types } = words.value.lists.failed;
  const { kinds, ages } = words.value.watch;
  const among = <Word extends string>(name: string, known: Record<Word, unknown>) => {
    const value = query.get(name);
    return value !== null && Object.hasOwn(known, value) ? (value as Word) : undefined;
  };
  return {
    type: among('type', types),
    entity: among('entity', kinds),
    q: query.get('q')?.slice(0, 200) || undefined,
    since: among('since', ages),
  };
}

/** Puts a changed filter into the address. */
export function narrow(part: Partial<Record<keyof Filter, string>>): void {
  const now = { ...filterOf(place.value), ...part };
  go(['watch', 'failed'], now, { instead: true });
}

/** A failed job in parts that can be shown. Everything of it comes from strangers and models. */
export function partsOf({ payload, exception }: FailedJob) {
  const [type = '', ...rest] = exception.split(': ');
  const request = isObject(payload.request) ? payload.request : {};
  return {
    type,
    message: rest.join(': '),
    title: textOf(request.subject) ?? textOf(payload.requested_slug) ?? '?',
    year: typeof request.year === 'number' ? request.year : null,
    details: [textOf(payload.locale), textOf(payload.context_tag)].filter((text) => text !== undefined),
    isFilm: payload.entity === 'MOVIE',
    /** What the model's service answered. */
    reason: textOf(payload.reason),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
