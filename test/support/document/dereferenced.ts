type Json = Record<string, unknown>;

interface Schema {
  $ref?: string;
  example?: unknown;
  format?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Referring {
  components: { schemas: Record<string, object> };
}

const REFERENCE = /^#\/components\/(?!schemas\/)(\w+)\/(\w+)$/;

/** The part with what it refers to in its place, schemas excepted, and with an example wherever its fields have one. */
export function dereferenced<T>(document: Referring, part: T): T {
  return JSON.parse(JSON.stringify(part), (_, node: Json | null) => {
    if (typeof node !== 'object' || node === null) return node;
    const { $ref, ...beside } = node;
    const [, kind, name] = (typeof $ref === 'string' && REFERENCE.exec($ref)) || [];
    if (!kind) return 'schema' in node && !('name' in node) ? withExample(document, node) : node;
    const target = (document.components as unknown as Record<string, Json>)[kind]?.[name!];
    if (!target) throw new Error(`${String($ref)} leads nowhere`);
    return { ...dereferenced(document, target), ...beside };
  }) as T;
}

/** As tools do it: where a body has no example of its own, those of its fields are put together. */
function withExample({ components }: Referring, media: Json): Json {
  if ('example' in media || 'examples' in media) return media;
  const example = exampleOf(media.schema as Schema, components.schemas);
  return example === undefined ? media : { ...media, example };
}

const BY_FORMAT: Record<string, string> = {
  uuid: '019ab1d2-84f1-7000-8000-0a0b0c0d0e0f',
  'date-time': '2026-11-23T10:00:00.000Z',
};

function exampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.$ref) return exampleOf(schemas[schema.$ref.split('/').at(-1)!]!, schemas);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => exampleOf(one, schemas))) as object;
  if (schema.anyOf) return exampleOf(schema.anyOf[0]!, schemas);
  if (schema.items) return [exampleOf(schema.items, schemas)];
  if (!schema.properties) return BY_FORMAT[schema.format!];
  const { properties, required = [] } = schema;
  const fields = Object.entries(properties).filter(([name, field]) => required.includes(name) || 'example' in field);
  return Object.fromEntries(fields.map(([name, field]) => [name, exampleOf(field, schemas)]));
}
