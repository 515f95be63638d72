/** Segments of a route that stand for anything. */
const isParameter = (segment: string) => segment.startsWith(':');
/** The one whose values are lower case by their nature. */
const SLUG = ':slug';
const SLUG_LIKE = /^[a-z\d-]+$/i;

/**
 * Every address there is, to tell what an address that leads nowhere may have meant. A segment `:name` stands for
 * anything.
 */
export class RouteTable {
  private readonly routes = new Map<string, Set<string>>();

  /** Routes with wildcards are pages and their files, which are addressed by themselves. */
  add(pattern: string, methods: string | readonly string[]): void {
    if (pattern.includes('*')) return;
    const known = this.routes.get(pattern) ?? new Set();
    for (const method of [methods].flat()) known.add(method);
    this.routes.set(pattern, known);
  }

  /** Methods of an address; none: there is no such address. `/movies/generate` is that address, not that of a film. */
  methodsAt(path: string): string[] {
    return [...(this.routes.get(this.patternOf(path) ?? '') ?? [])];
  }

  /**
   * Methods of an address that is spelled out by a route, where another route takes it for a name: `GET
   * /movies/generate` asks for a film of that slug.
   */
  methodsOfExactly(path: string): string[] {
    return isExact(path) ? [...(this.routes.get(path) ?? [])] : [];
  }

  /**
   * The one spelling of an address: no slash twice or at its end, no upper case where there is only lower; `null`: no
   * route.
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
