import type { OpenAPIObject } from '@nestjs/swagger';
import { LIMIT_EXTENSION } from '../access/rate-limit.guard.js';
import { foreignHost } from '../access/trusted-hosts.js';
import {
  BEFORE_ROUTES,
  header,
  LIMIT_HEADERS,
  methodNotAllowed,
  OF_BODIES,
  type ProblemException,
  problemResponse,
  unprocessable,
} from '../http/problem.js';
import { webhooksSection } from '../webhooks/webhooks.openapi.js';
import { examplePath } from './openapi-samples.js';
import { completeSchemas } from './openapi-schemas.js';
import { operationsOf } from './openapi-served.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], { $ref: string } | undefined>;

/** Adds in one place what decorators would have to repeat on every route, and what they cannot express. */
export function completed(document: OpenAPIObject): OpenAPIObject {
  document.components!.headers = HEADERS;
  completeSchemas(document);
  for (const { path, method, operation } of operationsOf(document)) {
    const general = [...BEFORE_ROUTES, foreignHost(), ...(method === 'get' ? [] : OF_BODIES)];
    complete(path, operation, general);
    addAddressAnswers(document, path, method, operation);
  }
  return Object.assign(document, { webhooks: webhooksSection(), 'x-every-answer': EVERY_ANSWER });
}

const HEADERS = {
  Left: header('What is left, and seconds until there is more: "poll";r=599;t=60'),
  Policy: header('The limit, and the seconds it is for: "poll";q=600;w=60. Where there is one'),
};

/** No answer is without these headers, so the document says them once, as an extension of ours. */
const EVERY_ANSWER = {
  'X-Request-Id': {
    description: 'Id of this request: the X-Request-Id that was sent, if it is valid',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
    required: true,
  },
  traceparent: {
    description: 'W3C trace context of this request: the traceparent that was sent, if it is valid',
    schema: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    required: true,
  },
};
/** Errors found before anything is counted: no right to the route, not JSON, too long. */
const BEFORE_LIMITS = ['401', '403', '414', '415', '431'];

/**
 * The answer to a query where the route takes none; see query.guard.ts. Made anew each time, because the path is added
 * later.
 */
const unknownQuery = () => problemResponse(unprocessable([{ pointer: '/colour', detail: 'is not a known field' }]));

/** The answers of addresses.ts in place of a route that takes any name: another spelling, or an address of its own. */
function addAddressAnswers({ paths }: OpenAPIObject, path: string, method: string, { responses }: Operation): void {
  if (path.includes('{slug}'))
    responses['308'] = {
      description: 'To the same address with the slug in lower case',
      headers: { Location: header('That address') },
    };
  const taken = Object.keys(paths).find((other) => !other.includes('{') && templateOf(path).test(other));
  if (!taken || method in paths[taken]!) return;
  // What can be read has a HEAD as well; the description leaves it out.
  const methods = Object.keys(paths[taken]!).flatMap((name) => (name === 'get' ? ['GET', 'HEAD'] : name.toUpperCase()));
  const problem = problemResponse(methodNotAllowed(method.toUpperCase(), methods));
  problem.content['application/problem+json'].example.instance = taken;
  responses['405'] = problem;
}

const templateOf = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

function complete(path: string, operation: Operation, general: ProblemException[]): void {
  operation.security ??= []; // open to everybody
  for (const parameter of (operation.parameters ?? []) as { required?: boolean }[])
    if (parameter.required === false) delete parameter.required; // what no word says
  // A decorator of a class makes one object for all of its routes, so it is copied.
  operation.responses = structuredClone(operation.responses);
  operation.responses['422'] ??= unknownQuery();
  for (const problem of general) {
    const status = String(problem.getStatus());
    if (status !== '414' || path.includes('{')) operation.responses[status] ??= problemResponse(problem);
  }
  for (const [status, response] of Object.entries(operation.responses) as [string, Response][]) {
    const limited = LIMIT_EXTENSION in operation && !BEFORE_LIMITS.includes(status);
    const headers = { ...(limited && LIMIT_HEADERS), ...response.headers };
    if (Object.keys(headers).length > 0) response.headers = headers;
    else delete response.headers;
    const problem = response.content?.['application/problem+json'];
    if (problem) problem.example = { ...problem.example, instance: examplePath(path, operation) };
  }
}
