import { applyDecorators, HttpException, HttpStatus } from '@nestjs/common';
import { ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';

/** One wrong field: its place (JSON Pointer into the body, or the parameter's name after a slash) and the error. */
export class FieldError {
  @ApiProperty({ example: '/title', description: 'JSON Pointer (RFC 6901) to the field' })
  pointer: string;

  @ApiProperty({ example: 'must be 1..200 characters long' })
  detail: string;
}

/** The body of every error: RFC 9457, `application/problem+json`. */
export class Problem {
  @ApiProperty({ example: 'urn:moviemind:problem:validation', description: 'Stable name of the kind of problem' })
  type: string;

  @ApiProperty({ example: 'Unprocessable Entity' })
  title: string;

  @ApiProperty({ type: 'integer', example: 422 })
  status: number;

  @ApiProperty({ example: 'The request has 1 invalid field.' })
  detail: string;

  @ApiProperty({ example: '/movies/generate', description: 'Path of the request' })
  instance: string;

  @ApiProperty({ example: '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b', description: 'The X-Request-Id of this answer' })
  request_id: string;

  @ApiProperty({
    type: [FieldError],
    required: false,
    description: 'For 422: every invalid field, the first 100 of them',
  })
  errors?: FieldError[];
}

interface ProblemOptions {
  errors?: FieldError[];
  /** Seconds, sent as Retry-After. */
  retryAfter?: number;
  /** The exceeded limit, sent as RateLimit and RateLimit-Policy. */
  limit?: Quota;
  /** Methods, sent as Allow. */
  allow?: string[];
}

/** The name of a limit and how much it allows; for requests, in `seconds`. */
export interface Quota {
  name: string;
  quota: number;
  seconds?: number;
}

/** May be thrown anywhere; the filter turns it into a {@link Problem}. `kind` becomes the last part of its `type`. */
export class ProblemException extends HttpException {
  constructor(
    status: number,
    readonly kind: string,
    detail: string,
    readonly more: ProblemOptions = {},
  ) {
    super(detail, status);
  }
}

/** Most fields a problem names: the answer to a body full of errors must not be larger than the body. */
const MAX_NAMED = 100;

export function unprocessable(errors: FieldError[]): ProblemException {
  const count = `The request has ${errors.length} invalid field${errors.length === 1 ? '' : 's'}.`;
  const detail = errors.length > MAX_NAMED ? `${count} The first ${MAX_NAMED} are named.` : count;
  return new ProblemException(HttpStatus.UNPROCESSABLE_ENTITY, 'validation', detail, {
    errors: errors.slice(0, MAX_NAMED),
  });
}

/** A name as part of a JSON Pointer, cut to a bounded length. */
export const pointerTo = (name: string) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)}`;

/** @param limit bytes */
export const tooLarge = (limit: number) =>
  new ProblemException(
    HttpStatus.PAYLOAD_TOO_LARGE,
    'too-large',
    `The body is larger than ${limit < MIB ? `${limit / 1024} KiB` : `${limit / MIB} MiB`}.`,
  );
const MIB = 1024 * 1024;

export const notFound = (detail: string) => new ProblemException(HttpStatus.NOT_FOUND, 'not-found', detail);

/** @param methods those that the address has; OPTIONS belongs to every address */
export const methodNotAllowed = (method: string, methods: readonly string[]) => {
  const allow = [...methods, 'OPTIONS'];
  const detail = `There is no ${method} at this address, only ${allow.join(', ')}. See /docs.`;
  return new ProblemException(HttpStatus.METHOD_NOT_ALLOWED, 'method-not-allowed', detail, { allow });
};

export const malformed = (detail: string) => new ProblemException(HttpStatus.BAD_REQUEST, 'malformed', detail);

export const conflict = (detail: string) => new ProblemException(HttpStatus.CONFLICT, 'conflict', detail);

export const unauthorized = () =>
  new ProblemException(HttpStatus.UNAUTHORIZED, 'unauthorized', 'Send a valid key: Authorization: Bearer <key>.');

export const forbidden = (detail: string) => new ProblemException(HttpStatus.FORBIDDEN, 'forbidden', detail);

/** @param retryAfter seconds */
export const tooMany = (detail: string, retryAfter: number, limit: Quota) =>
  new ProblemException(HttpStatus.TOO_MANY_REQUESTS, 'too-many', detail, {
    retryAfter: Math.max(1, retryAfter),
    limit,
  });

const DAY_SECONDS = 86_400;

/** @param quota tokens a day @param retryAfter seconds until midnight UTC */
export const spentBudget = (quota: number, retryAfter: number) =>
  new ProblemException(
    HttpStatus.TOO_MANY_REQUESTS,
    'budget-spent',
    `The ${quota} tokens of this day are spent; there are more after midnight UTC.`,
    { retryAfter, limit: { name: 'tokens', quota, seconds: DAY_SECONDS } },
  );

/**
 * Headers that say how much of a limit is left, and seconds until there is more (draft-ietf-httpapi-ratelimit-headers).
 */
export const limitHeaders = ({ name, quota, seconds }: Quota, left: number, until: number) => ({
  'ratelimit-policy': `"${name}";q=${quota}${seconds === undefined ? '' : `;w=${seconds}`}`,
  ratelimit: `"${name}";r=${left};t=${until}`,
});

export const unavailable = () =>
  new ProblemException(
    HttpStatus.SERVICE_UNAVAILABLE,
    'unavailable',
    'The database cannot serve now. Send the request again.',
    {
      retryAfter: 2,
    },
  );

/** More clients read than the connections for reads can serve. */
export const busy = () =>
  new ProblemException(
    HttpStatus.SERVICE_UNAVAILABLE,
    'busy',
    'Too many questions are being answered at the moment. Send the request again.',
    { retryAfter: 1 },
  );

export const titleOf = (status: number): string => STATUS_CODES[status] ?? 'Error';

/** Builds the document that answers a problem; no other code does. */
export function documentOf(problem: ProblemException, instance: string, request_id: string): Problem {
  const status = problem.getStatus();
  const { errors } = problem.more;
  return {
    type: `urn:moviemind:problem:${problem.kind}`,
    title: titleOf(status),
    status,
    detail: problem.message,
    instance,
    request_id,
    ...(errors && { errors }),
  };
}

/** Largest body that is read, bytes. Source: the contract. */
export const BODY_LIMIT = 64 * 1024;

/** The usual problem of each status, for the documentation. */
const USUAL = {
  400: malformed('The body is not valid JSON, at its end.'),
  401: unauthorized(),
  403: forbidden('This takes a key of scope generate.'),
  404: notFound('There is nothing at this address. See /docs.'),
  413: tooLarge(BODY_LIMIT),
  415: new ProblemException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, 'media-type', 'Send content-type: application/json.'),
  422: unprocessable([{ pointer: '/colour', detail: 'is not a known field' }]),
  429: tooMany('The limit of 60 requests a minute is reached.', 30, { name: 'generate', quota: 60, seconds: 60 }),
  503: unavailable(),
};

/** Answers before the route is found, so every route may give them. 414 concerns a path segment that is a parameter. */
export const BEFORE_ROUTES = [
  malformed('The query is not percent-encoded UTF-8.'),
  new ProblemException(HttpStatus.URI_TOO_LONG, 'too-long', 'The address is too long.'),
  new ProblemException(431, 'headers-too-large', 'The address and the headers are larger than 16 KiB.'),
];

/** Every route reads the body, so these belong also to routes that take none. */
export const OF_BODIES = [USUAL[413], USUAL[415]];

/** Declares the problems that a route may answer, with an example each: the usual one of a status, or the given one. */
export const Problems = (...problems: (keyof typeof USUAL | ProblemException)[]) =>
  applyDecorators(
    ...problems.map((one) => {
      const problem = one instanceof ProblemException ? one : USUAL[one];
      return ApiResponse({ status: problem.getStatus(), ...problemResponse(problem) });
    }),
  );

/** Documentation of a header in an answer. */
export const header = (description: string, type: 'string' | 'integer' = 'string') => ({
  description,
  schema: { type, ...(type === 'integer' && { minimum: 0 }) },
});

/** Declares {@link limitHeaders}. */
export const LIMIT_HEADERS = {
  RateLimit: { $ref: '#/components/headers/Left' },
  'RateLimit-Policy': { $ref: '#/components/headers/Policy' },
};

/** The OpenAPI response for a problem. */
export function problemResponse(problem: ProblemException) {
  const status = problem.getStatus();
  const { retryAfter, limit, allow } = problem.more;
  const example = documentOf(problem, '', '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b'); // openapi.ts adds the path
  return {
    description: titleOf(status),
    headers: {
      ...(status === 401 && { 'WWW-Authenticate': header('Bearer') }),
      ...(retryAfter && { 'Retry-After': header('Seconds until it is worth another try', 'integer') }),
      ...(limit && LIMIT_HEADERS),
      ...(allow && { Allow: header('Methods of this address') }),
    },
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) }, example } },
  };
}
