import type { OpenAPIObject } from '@nestjs/swagger';
import { target } from './openapi-reference.js';

type Node = Record<string, unknown>;

/** These keys contain values, not schemas, so their content stays as it is. */
const VALUES = new Set(['example', 'examples', 'default', 'enum', 'security']);
/** The keys of these maps are names of our own, which may look like keywords. */
const BY_NAME = new Set(['properties', 'schemas', 'responses', 'headers', 'paths', 'parameters', 'content']);
/** Components that are no schemas. */
const SHARED = /^#\/components\/(responses|headers|parameters)\//;

/**
 * The document in the words of OpenAPI 3.0, for generators that do not know 3.1. The differences:
 * - `null` is a flag, not a type;
 * - a `$ref` has nothing beside it;
 * - a bearer key has no scopes;
 * - webhooks are an extension.
 */
export function asOpenApi30({ webhooks, ...document }: OpenAPIObject & { webhooks?: object }): OpenAPIObject {
  const converted = { ...document, ...(webhooks && { 'x-webhooks': webhooks }), openapi: '3.0.3' };
  return new Conversion(document).of(converted) as OpenAPIObject;
}

class Conversion {
  constructor(private readonly document: OpenAPIObject) {}

  of(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.of(one));
    if (!isNode(value)) return value;
    const parts = Object.entries(this.inlined(value)).map(([key, part]) => [key, this.partOf(key, part)] as const);
    return withoutNullType(asAllOf(Object.fromEntries(parts)));
  }

  private partOf(key: string, part: unknown): unknown {
    if (key === 'security') return (part as Record<string, string[]>[]).map(withoutScopes);
    if (VALUES.has(key)) return part;
    if (!BY_NAME.has(key) || !isNode(part) || Array.isArray(part)) return this.of(part);
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, this.of(one)]));
  }

  /** Copies the referenced part where the reference has further keys, because 3.0 ignores keys beside a `$ref`. */
  private inlined(node: Node): Node {
    const { $ref, ...beside } = node;
    if (typeof $ref !== 'string' || !SHARED.test($ref) || Object.keys(beside).length === 0) return node;
    return { ...target(this.document, { $ref }), ...beside };
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const withoutScopes = (keys: Record<string, string[]>) =>
  Object.fromEntries(Object.keys(keys).map((name) => [name, []]));

/** The same for a schema, where `allOf` combines both. */
function asAllOf({ $ref, ...beside }: Node): Node {
  if (typeof $ref !== 'string') return $ref === undefined ? beside : { ...beside, $ref };
  return Object.keys(beside).length === 0 ? { $ref } : { ...beside, allOf: [{ $ref }] };
}

function withoutNullType(node: Node): Node {
  const { type, anyOf, ...others } = node;
  if (Array.isArray(type)) {
    const types = type.filter((one) => one !== 'null') as string[];
    const nullable = types.length < type.length && { nullable: true };
    if (types.length === 1) return { ...node, type: types[0], ...nullable };
    return { ...others, ...nullable, anyOf: types.map((one) => ({ type: one })) };
  }
  if (!Array.isArray(anyOf) || !anyOf.some(isNull)) return node;
  const real = anyOf.filter((one) => !isNull(one)) as Node[];
  // In 3.0 `nullable` needs a type beside it. Only objects are nullable in this form; other values have a list of
  // types.
  return { ...others, type: 'object', nullable: true, ...(real.length === 1 ? { allOf: real } : { anyOf: real }) };
}

const isNull = (schema: unknown) => isNode(schema) && schema.type === 'null';
