import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long a browser keeps the answer to its question, seconds; Chromium keeps none longer. */
const KEPT_SECONDS = 7200;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Headers that a page may send, besides those that every page may. */
const SENT = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'If-Match',
  'Prefer',
  'Last-Event-ID',
  'Cache-Control',
  'X-Request-Id',
  'traceparent',
  'tracestate',
];
/** Headers of answers that a page may read, besides those that every page may. */
const READ = [
  'Allow',
  'Content-Disposition',
  'ETag',
  'Export-Last-Id',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
  'traceparent',
];

/** Operators' addresses: no page of another site has any business there. */
const OPERATORS = /^\/+admin(\/|$)/i;

type Asked = Pick<FastifyRequest, 'headers' | 'method' | 'url' | 'routeOptions'>;

/**
 * Lets pages of the named sites call the API from a browser (the Fetch standard: CORS). A site is an exact origin.
 * No cookie is read anywhere, so no answer allows credentials: a page sends its key or its token itself.
 */
export class CrossOrigin {
  constructor(private readonly origins: readonly string[]) {}

  /** The headers that an answer needs for its reader's browser; none with no site named. */
  headersFor(request: Asked): Record<string, string> {
    if (this.origins.length === 0) return {};
    const origin = this.originOf(request);
    // A shared cache must not give one site the answer that names another.
    if (origin === null) return { vary: 'Origin' };
    return {
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': READ.join(', '),
    };
  }

  /** Answers the question whether a page may send its request, for every address. @returns the reply, when it did */
  answer(request: Asked, reply: FastifyReply): FastifyReply | undefined {
    const isQuestion = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
    if (!isQuestion || this.originOf(request) === null) return undefined;
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': METHODS.join(', '),
        'access-control-allow-headers': SENT.join(', '),
        'access-control-max-age': String(KEPT_SECONDS),
      })
      .send();
  }

  /** `null`: no browser asks for a page, its site is not named, or the address is for operators. */
  private originOf({ headers: { origin }, url, routeOptions }: Asked): string | null {
    if (origin === undefined || !this.origins.includes(origin)) return null;
    return isForOperators(routeOptions?.url ?? '') || isForOperators(url) ? null : origin;
  }
}

/** The router reads percent-codes before it looks for a route; so does this. */
function isForOperators(url: string): boolean {
  const path = url.split('?')[0]!;
  try {
    return OPERATORS.test(decodeURIComponent(path));
  } catch {
    return OPERATORS.test(path);
  }
}
