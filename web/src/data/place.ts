import { signal } from '@preact/signals';

/** Where the visitor is: the part of the address after `#`, which no request carries. */
export interface Place {
  /** `#/films/alien-1979` is `['films', 'alien-1979']`. */
  path: string[];
  query: URLSearchParams;
}

type Query = Record<string, string | number | undefined>;

export const place = signal<Place>(read());
addEventListener('hashchange', () => (place.value = read()));

/** Address of a place, for `href`. Empty values are left out. */
export function link(path: string[], query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search && `?${search}`}`;
}

/** @param instead of the present place, which then is no step of its own for the button "back" */
export function go(path: string[], query: Query = {}, { instead = false } = {}): void {
  const target = link(path, query);
  if (!instead) {
    location.hash = target;
    return;
  }
  history.replaceState(null, '', new URL(target, location.href));
  place.value = read();
}

function read(): Place {
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
