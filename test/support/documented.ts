import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Answer } from './server.js';

type Json = Record<string, unknown>;

interface Media {
  schema: object;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Documentation {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Omit<Operation, 'path' | 'method'>>>;
  components: { schemas: Record<string, object> };
}

export interface Operation {
  path: string;
  method: string;
  operationId: string;
  summary?: string;
  tags?: string[];
  security?: object[];
  parameters: { name: string; in: string; description?: string; schema: { example?: unknown } }[];
  requestBody?: { content: { 'application/json': Media } };
  responses: Record<string, { description: string; headers: Json; content?: Record<string, Media> }>;
}

/** RFC 3339 in UTC, as the contract has it, and RFC 9562. */
const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
};

/** Headers that mean something to a client of this API: none of them is sent undocumented. */
const HEADERS = [
  'location',
  'retry-after',
  'content-language',
  'www-authenticate',
  'x-request-id',
  'etag',
  'preference-applied',
  'ratelimit',
];

/** The media type of an answer without a body. */
const NOTHING = 'no content';

/** What the server says of itself, to hold it against what the server does. */
export class Documented {
  readonly operations: Operation[];
  private readonly components: object;
  private readonly ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, formats: FORMATS });

  constructor(readonly document: Documentation) {
    this.ajv.addVocabulary(['example', 'components']);
    // Clients must bear new fields; we must not send one that is not written down.
    const closed = Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      { ...schema, additionalProperties: false },
    ]);
    this.components = { schemas: Object.fromEntries(closed) };
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
    );
  }

  operation(id: string): Operation {
    return this.operations.find(({ operationId }) => operationId === id)!;
  }

  /** How a value differs from a schema; empty when it fits. */
  misfits(schema: object, value: unknown): string[] {
    const fits = this.ajv.compile({ ...schema, components: this.components });
    return fits(value) ? [] : fits.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  /** How an answer differs from what its operation documents: status, media type, schema, headers. */
  faults({ operationId, responses }: Operation, { status, headers, body }: Answer<unknown>): string[] {
    const documented = responses[status];
    if (!documented) return [`${operationId}: ${status} is not documented`];
    const type = headers.get('content-type')?.split(';')[0] ?? NOTHING;
    const { content = { [NOTHING]: { schema: {} } } } = documented;
    const names = Object.keys(documented.headers).map((name) => name.toLowerCase());
    return [
      ...(content[type] ? this.misfits(content[type].schema, body) : [`${type} is not documented`]),
      ...HEADERS.filter((name) => headers.has(name) && !names.includes(name)).map(
        (name) => `${name} is not documented`,
      ),
    ].map((fault) => `${operationId} ${status}: ${fault}`);
  }
}

/** All examples of a body, documented one way or the other. */
export const examplesOf = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
];
