/** Segments of a route that match any text. */
const isParameter = (segment: string) => segment.startsWith(':');
/** The one parameter whose values are always lower case. */
const SLUG = ':slug';
const SLUG_LIKE = /^[a-z\d-]+$/i;

/** All addresses, for finding what an unknown address may have meant. A segment `:name` matches any text. */
export class RouteTable {
  private readonly routes = new Map<string, Set<string>>();

  /** Routes with wildcards are pages with their files; they are left out. */
  add(pattern: string, methods: string | readonly string[]): void {
    if (pattern.includes('*')) return;
    const known = this.routes.get(pattern) ?? new Set();
    for (const method of [methods].flat()) known.add(method);
    this.routes.set(pattern, known);
  }

  /** Methods of an address; empty: the address does not exist. `/movies/generate` counts as itself, not as a film. */
  methodsAt(path: string): string[] {
    return [...(this.routes.get(this.patternOf(path) ?? '') ?? [])];
  }

  /**
   * Methods of an address that one route spells out, while another route takes it for a name. For example, `GET
   * /movies/generate` asks for a film with that slug.
   */
  methodsOfExactly(path: string): string[] {
    return isExact(path) ? [...(this.routes.get(path) ?? [])] : [];
  }

  /**
   * The one right spelling of an address; `null`: there is no route. It has no double slash, none at its end, and lower
   * case where only lower case exists.
   */
  canonical(path: string): string | null {
    const tidy = path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
    const pattern = this.patternOf(tidy) ?? this.patternOf(tidy.toLowerCase());
    if (pattern === null) return null;
    const wanted = pattern.split('/');
    return tidy
      .split('/')
      .map((segment, n) => spelled(segment, wanted[n]!))
      .join('/');
  }

  private patternOf(path: string): string | null {
    if (isExact(path) && this.routes.has(path)) return path;
    const segments = path.split('/');
    const fits = (pattern: string) => {
      const wanted = pattern.split('/');
      if (wanted.length !== segments.length) return false;
      return wanted.every((segment, n) => segment === segments[n] || (isParameter(segment) && segments[n] !== ''));
    };
    return [...this.routes.keys()].find(fits) ?? null;
  }
}

const isExact = (path: string) => !path.includes(':');

function spelled(segment: string, wanted: string): string {
  if (!isParameter(wanted)) return wanted;
  return wanted === SLUG && SLUG_LIKE.test(segment) ? segment.toLowerCase() : segment;
}
