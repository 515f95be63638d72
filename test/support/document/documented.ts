import { type AnySchemaObject, Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { dereferenced } from './dereferenced.ts';
import type { Answer } from '../server/server.ts';

type Json = Record<string, unknown>;

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface HeaderRule {
  required?: boolean;
  schema?: object;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Json & { example?: unknown };
}

export interface Documentation {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Omit<Operation, 'path' | 'method'>>>;
  /** What the server sends of its own accord, by event. */
  webhooks: Record<string, { post: Pick<Operation, 'requestBody' | 'parameters'> }>;
  /** The headers of every answer, which no answer repeats. */
  'x-every-answer': Record<string, HeaderRule>;
  components: Record<'schemas' | 'responses' | 'headers' | 'parameters' | 'examples', Record<string, object>>;
}

/** A parameter of a query as it is written; an object name by name, as deepObject says. */
export const queryOf = (name: string, value: unknown): [name: string, value: string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).map(([key, one]) => [`${name}[${key}]`, String(one)])
    : [[name, String(value)]];

export interface Operation {
  path: string;
  method: string;
  operationId: string;
  summary?: string;
  description?: string;
  'x-codeSamples'?: { label: string; source: string }[];
  tags?: string[];
  security?: object[];
  parameters: Parameter[];
  requestBody?: { content: { 'application/json': Media } };
  responses: Record<
    string,
    { description: string; headers: Record<string, HeaderRule>; content?: Record<string, Media> }
  >;
}

/** RFC 3339 in UTC, as the contract has it, RFC 9562 and RFC 3986. */
const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
  uri: /^[a-z][a-z\d+.-]*:\S+$/i,
};

/** Headers of HTTP itself and of helmet: no documentation speaks of them. Every other one has to be documented. */
const PLUMBING = new RegExp(
  '^(access-control-.*|date|connection|keep-alive|content-(type|length|encoding|security-policy)|transfer-encoding|vary|accept-ranges|last-modified|' +
    'cache-control|strict-transport-security|referrer-policy|origin-agent-cluster|cross-origin-.*|permissions-policy|' +
    'x-(content-type-options|dns-prefetch-control|download-options|frame-options|permitted-cross-domain-policies|xss-protection))$',
);
/** Pages and files for browsers; what they are is said where they are tested. */
const PAGES = /^\/(docs|assets|favicon\.ico|icon\.svg|openapi(-3\.0)?\.json|openapi\.yaml|admin\/board)(\/|$)/;
/** What an address that is no operation may be answered: by itself it says so, unless it is another spelling of one. */
const NOWHERE = [400, 401, 403, 404, 405, 413, 414, 415, 422, 429, 431];

/** The media type of an answer without a body. */
const NOTHING = 'no content';

/** What the server says of itself, to hold it against what the server does. */
export class Documented {
  readonly document: Documentation;
  /** With everything that they refer to in its place, schemas excepted. */
  readonly operations: Operation[];
  readonly webhooks: Documentation['webhooks'];
  private readonly ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, formats: FORMATS });
  private readonly validators = new Map<object, ValidateFunction>();
  private readonly templates: { operation: Operation; pattern: RegExp }[];

  constructor(document: Documentation) {
    this.document = document;
    for (const word of ['example', 'components', 'open', 'discriminator']) this.ajv.addKeyword(word);
    const schemas = Object.entries(document.components.schemas);
    const all = (read: (schema: object) => unknown) =>
      Object.fromEntries(schemas.map(([name, schema]) => [name, read(schema)]));
    this.ajv.addSchema({ $id: 'api', components: { schemas: all(closed), open: all(inParts) } });
    const always = dereferenced(document, document['x-every-answer']);
    this.operations = Object.entries(dereferenced(document, document.paths)).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        path,
        method: method.toUpperCase(),
        ...operation,
        responses: withHeaders(operation.responses, always),
      })),
    );
    this.webhooks = dereferenced(document, document.webhooks);
    // A path without parameters wins over one with: /movies/generate over /movies/{slug}.
    this.templates = this.operations
      .map((operation) => ({ operation, pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`) }))
      .sort((a, b) => a.operation.path.split('{').length - b.operation.path.split('{').length);
  }

  operation(id: string): Operation {
    return this.operations.find(({ operationId }) => operationId === id)!;
  }

  /** The operation that a request line calls; a HEAD is its GET. */
  operationAt(method: string, address: string): Operation | undefined {
    const [raw = ''] = address.split(/[?#]/);
    const wanted = method === 'HEAD' ? 'GET' : method;
    try {
      const path = decodeURI(raw);
      return this.templates.find(({ operation, pattern }) => operation.method === wanted && pattern.test(path))
        ?.operation;
    } catch {
      return undefined;
    }
  }

  /**
   * How a value differs from a schema; empty when it fits. Clients must bear new fields; we must not send one that is
   * not written down.
   */
  misfits(schema: object, value: unknown): string[] {
    let fits = this.validators.get(schema);
    if (!fits) this.validators.set(schema, (fits = this.ajv.compile(closed(schema) as AnySchemaObject)));
    return fits(value) ? [] : fits.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** How an answer differs from what its operation documents: status, media type, schema, headers. */
  faults({ operationId, responses }: Operation, { status, headers, body }: Answer<unknown>, head = false): string[] {
    const documented = responses[status];
    if (!documented) return [`${operationId}: ${status} is not documented`];
    const type = headers.get('content-type')?.split(';')[0] ?? NOTHING;
    const { content = { [NOTHING]: { schema: {} } } } = documented;
    return [
      ...(content[type] ? (head ? [] : this.misfits(content[type].schema, body)) : [`${type} is not documented`]),
      ...this.headerFaults(documented.headers, headers),
    ].map((fault) => `${operationId} ${status}: ${fault}`);
  }

  /** The same for any request: where there is no operation, the answer is a problem document. */
  faultsOf(method: string, address: string, answer: Answer<unknown>): string[] {
    const operation = this.operationAt(method, address);
    if (operation) return this.faults(operation, answer, method === 'HEAD');
    if (PAGES.test(address.split('?')[0]!)) return [];
    if (isAboutAddresses(method, answer)) return [];
    const type = answer.headers.get('content-type')?.split(';')[0];
    return [
      ...(NOWHERE.includes(answer.status) ? [] : [`${answer.status} where there is no operation`]),
      ...(type === 'application/problem+json' ? [] : [`${type} where there is no operation`]),
      ...(method === 'HEAD' ? [] : this.misfits(PROBLEM, answer.body)),
    ].map((fault) => `${method} ${address.slice(0, 100)}: ${fault}`);
  }

  private headerFaults(documented: Record<string, HeaderRule>, headers: Headers): string[] {
    const rules = new Map(Object.entries(documented).map(([name, rule]) => [name.toLowerCase(), rule] as const));
    const faults: string[] = [];
    for (const [name, { required, schema = {} }] of rules) {
      const value = headers.get(name);
      if (value === null) {
        if (required) faults.push(`${name} is missing`);
        continue;
      }
      const read = (schema as { type?: unknown }).type === 'integer' ? Number(value) : value;
      faults.push(...this.misfits(schema, read).map((misfit) => `header ${name}${misfit}`));
    }
    const unknown = [...headers.keys()].filter((name) => !rules.has(name) && !PLUMBING.test(name));
    return [...faults, ...unknown.map((name) => `header ${name} is not documented`)];
  }
}

/**
 * The description of the document says it for all addresses: OPTIONS is answered, another spelling leads to the
 * address.
 */
const isAboutAddresses = (method: string, { status, headers, body }: Answer<unknown>) =>
  body === '' &&
  ((method === 'OPTIONS' && status === 204 && headers.has('allow')) || (status === 308 && headers.has('location')));

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const COMPONENT = '#/components/schemas/';

const withHeaders = (responses: Operation['responses'], always: Record<string, HeaderRule>): Operation['responses'] =>
  Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      { ...answer, headers: { ...always, ...answer.headers } },
    ]),
  );

/** The schema with no room for fields that it does not name. */
function closed(schema: object): object {
  const parts = inParts(schema) as Json;
  const isObject = 'properties' in parts || 'allOf' in parts;
  return isObject && !('additionalProperties' in parts) ? { unevaluatedProperties: false, ...parts } : parts;
}

/** Each part closed, but not the whole: as a member of `allOf`, which together with the others is closed. */
function inParts(schema: object): object {
  const parts = Object.entries(schema).map(([key, value]) => {
    if (key === '$ref') return [key, (value as string).replace(COMPONENT, 'api#/components/schemas/')];
    if (key === 'allOf') return [key, (value as object[]).map(member)];
    if (['anyOf', 'oneOf'].includes(key))
      return [key, (value as object[]).map('properties' in schema ? inParts : closed)];
    if (key === 'properties') return [key, eachOf(value as Record<string, object>)];
    if (['items', 'additionalProperties'].includes(key) && typeof value === 'object') return [key, closed(value)];
    return [key, value];
  });
  return Object.fromEntries(parts) as object;
}

const eachOf = (schemas: Record<string, object>) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]));

const member = (schema: { $ref?: string }) =>
  schema.$ref ? { $ref: schema.$ref.replace(COMPONENT, 'api#/components/open/') } : inParts(schema);

/** All examples of a body, documented one way or the other. */
export const examplesOf = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];
