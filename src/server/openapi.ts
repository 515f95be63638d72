import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import {
  BEFORE_ROUTES,
  FieldError,
  header,
  LIMIT_HEADERS,
  methodNotAllowed,
  OF_BODIES,
  Problem,
  type ProblemException,
  problemResponse,
  unprocessable,
} from '../http/problem.js';
import { LIMIT_EXTENSION } from '../access/rate-limit.guard.js';
import { foreignHost } from '../access/trusted-hosts.js';
import { doneJob } from '../jobs/examples.js';
import { asOpenApi30 } from './openapi-3.0.js';
import { examplePath } from './openapi-samples.js';
import { inForce, placeOf, seenFrom } from './openapi-served.js';
import { webhooksSection } from '../webhooks/webhooks.openapi.js';
import { WebhookMessageDto } from '../webhooks/webhooks.dto.js';

const DESCRIPTION = `Writes original descriptions of films and biographies of people with a language model, in the background.

Ask with \`POST /movies/generate\` or \`POST /people/generate\`; the answer 202 carries a job, committed and not lost any more.
Poll \`GET /jobs/{id}\` until its status is DONE, then read \`links.result\`.
With \`webhook_url\` you are told instead: see Webhooks.
A body has at most 32 fields an object, 1000 entries a list and 10000 values in all.
Every error is \`application/problem+json\` (RFC 9457); every answer carries \`X-Request-Id\`.

Every GET answers HEAD, every address OPTIONS, with \`Allow\`. A known address with another method is answered 405 with \`Allow\`,
and another spelling of one (a slash at its end or twice, upper case where there is only lower) 308 to the one it has.
A request that takes longer than REQUEST_TIMEOUT_SECONDS to arrive is answered 408.`;

const SCOPES_TOLD =
  'A key, made by the operator. The roles named at each operation are scopes: the key needs one of those sets, or scope admin. See AUTH_REQUIRED.';

/**
 * OpenAPI 3.1 at /openapi.json, its page at /docs with assets from here. All are open to everybody: no guard sees
 * them.
 */
export function serveOpenApi(app: NestFastifyApplication): void {
  const config = app.get(Config);
  SwaggerModule.setup('docs', app, () => inForce(described(app), config), {
    jsonDocumentUrl: '/openapi.json',
    yamlDocumentUrl: '/openapi.yaml',
    customSiteTitle: 'MovieMind API',
    swaggerOptions: { validatorUrl: null }, // or the page shows this server's address to validator.swagger.io
    patchDocumentOnRequest: (request, _, document) => seenFrom(document, placeOf(request as FastifyRequest)),
  });
  const fastify = app.getHttpAdapter().getInstance();
  let document: OpenAPIObject | undefined;
  fastify.get('/openapi-3.0.json', async (request, reply) => {
    document ??= inForce(described(app), config);
    return reply.type('application/json').send(JSON.stringify(asOpenApi30(seenFrom(document, placeOf(request)))));
  });
}

/** The document for clients, the same whatever the settings: every key that may be asked for is in it. */
export const openApiDocument = (app: NestFastifyApplication): OpenAPIObject =>
  seenFrom(described(app), { host: 'localhost:3000', prefix: '' });

function described(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('MovieMind')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addTag('movies', 'Films and their descriptions')
    .addTag('people', 'People and their biographies')
    .addTag('jobs', 'What was asked for and how far it is')
    .addTag('webhooks', 'Signed messages about jobs, after Standard Webhooks')
    .addTag('admin', 'For operators; always with a key of scope admin')
    .addTag('health', 'For load balancers, orchestrators and monitoring')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: SCOPES_TOLD })
    .build();
  return completed(
    SwaggerModule.createDocument(app, config, { extraModels: [Problem, FieldError, WebhookMessageDto] }),
  );
}

type Schema = Record<string, unknown> & { $ref?: string; anyOf?: Schema[]; items?: Schema };
type Schemas = Record<string, Schema & { properties?: Record<string, Schema>; required?: string[] }>;

/** Says once what decorators would have to repeat on every route, and what they cannot say. */
function completed(document: OpenAPIObject): OpenAPIObject {
  const components = document.components!;
  const schemas = components.schemas as Schemas;
  components.headers = {
    RequestId: {
      ...header('Id of this request: the X-Request-Id that was sent, when it is a valid one'),
      required: true,
    },
    RateLimit: header('What is left, and seconds until there is more: "poll";r=599;t=60. Where there is a limit'),
    RateLimitPolicy: header('The limit, and the seconds it is for: "poll";q=600;w=60. Where there is one'),
    Traceparent: {
      ...header('W3C trace context of this request: the traceparent that was sent, when it is a valid one'),
      required: true,
    },
  };
  schemas.JobDto!.example = doneJob();
  for (const name of bodiesOf(document, schemas)) allowNull(schemas[name]!);
  requireEither(schemas.GenerateMovieDto!, 'title');
  requireEither(schemas.GeneratePersonDto!, 'name');
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of ['get', 'post', 'delete'] as const) {
      const operation = item[method];
      if (!operation) continue;
      const general = [...BEFORE_ROUTES, foreignHost(), ...(method === 'get' ? [] : OF_BODIES)];
      complete(path, operation, schemas, general);
      addAddressAnswers(document, path, method, operation);
    }
  }
  return Object.assign(document, { webhooks: webhooksSection() });
}

const reference = (name: string) => ({ $ref: `#/components/headers/${name}` });
const ALWAYS_SENT = { 'X-Request-Id': reference('RequestId'), traceparent: reference('Traceparent') };
/** Found before anything is counted: no right to it, not JSON, too long. */
const BEFORE_LIMITS = ['401', '403', '414', '415', '431'];

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], { $ref: string } | undefined>;

/**
 * What a route without a query answers to one; see query.guard.ts. A new one each, for it is completed with the path.
 */
const unknownQuery = () => problemResponse(unprocessable([{ pointer: '/colour', detail: 'is not a known field' }]));

/** What addresses.ts answers in place of a route that takes any name: another spelling, or an address of its own. */
function addAddressAnswers({ paths }: OpenAPIObject, path: string, method: string, { responses }: Operation): void {
  if (path.includes('{slug}'))
    responses['308'] = {
      description: 'To the same address with the slug in lower case',
      headers: { ...ALWAYS_SENT, Location: header('That address') },
    };
  const taken = Object.keys(paths).find((other) => !other.includes('{') && templateOf(path).test(other));
  if (!taken || method in paths[taken]!) return;
  const methods = Object.keys(paths[taken]!).map((name) => name.toUpperCase());
  const problem = problemResponse(methodNotAllowed(method.toUpperCase(), methods));
  problem.content['application/problem+json'].example.instance = taken;
  responses['405'] = { ...problem, headers: { ...ALWAYS_SENT, ...problem.headers } };
}

const templateOf = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

function complete(path: string, operation: Operation, schemas: Schemas, general: ProblemException[]): void {
  operation.security ??= []; // open to everybody
  // What a decorator of a class says is one object for all of its routes.
  operation.responses = structuredClone(operation.responses);
  operation.responses['422'] ??= unknownQuery();
  for (const problem of general) {
    const status = String(problem.getStatus());
    if (status !== '414' || path.includes('{')) operation.responses[status] ??= problemResponse(problem);
  }
  for (const [status, response] of Object.entries(operation.responses) as [string, Response][]) {
    const limited = LIMIT_EXTENSION in operation && !BEFORE_LIMITS.includes(status);
    response.headers = { ...ALWAYS_SENT, ...(limited && LIMIT_HEADERS), ...response.headers };
    const { 'application/json': success, 'application/problem+json': problem } = response.content ?? {};
    if (success && !success.examples) success.example ??= exampleOf(success.schema as Schema, schemas);
    // A 400 about a path is about a malformed part of it, a 404 about a list of names about one that is not in it;
    // the name of the parameter is either.
    const nameless = (status === '400' && path.includes('{')) || (status === '404' && takesNames(operation));
    const instance = nameless ? path.replace(/[{}]/g, '') : examplePath(path, operation);
    if (problem) problem.example = { ...problem.example, instance };
  }
}

const takesNames = ({ parameters = [] }: Operation) =>
  (parameters as { in: string; schema: object }[]).some(
    ({ in: place, schema }) => place === 'path' && 'enum' in schema,
  );

/** The names of what requests carry, and of what is within. */
function bodiesOf({ paths }: OpenAPIObject, schemas: Schemas): Set<string> {
  const names = new Set(Object.values(paths).flatMap(({ post }) => namesIn(post?.requestBody ?? {})));
  for (const name of names) for (const inner of namesIn(schemas[name]!)) names.add(inner);
  return names;
}

const namesIn = (part: object) =>
  [...JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);

/** What may be left out of a request may be null as well, which is the same; see http/fields.ts. */
function allowNull({ properties = {}, required = [] }: Schemas[string]): void {
  for (const [name, field] of Object.entries(properties)) {
    if (required.includes(name)) continue;
    field.type = [field.type, 'null'];
    if (field.enum) field.enum = [...(field.enum as unknown[]), null];
  }
}

/** The title or the slug has to be there, as a text, and nothing that is not named. */
function requireEither(schema: Schema, field: string): void {
  schema.anyOf = [field, 'slug'].map((name) => ({ required: [name], properties: { [name]: { type: 'string' } } }));
  schema.additionalProperties = false;
}

const BY_FORMAT: Record<string, string> = {
  uuid: '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f',
  'date-time': '2026-11-23T10:00:00.000Z',
};

/** Put together from the examples of the fields; an optional field without one is left out. */
function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1)!]!, schemas);
  if (schema.anyOf) return exampleOf(schema.anyOf[0]!, schemas);
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (!schema.properties) return BY_FORMAT[schema.format as string];
  const { properties, required = [] } = schema as Schemas[string];
  const fields = Object.entries(properties!).filter(([name, field]) => required.includes(name) || 'example' in field);
  return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(field, schemas)]));
}
