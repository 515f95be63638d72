import { newJob } from '../jobs/examples.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import { SLUG_PATTERN } from '../http/fields.js';
import { METADATA_SCHEMA } from '../http/metadata-field.js';
import { ENTITIES, KINDS } from '../domain/kinds.js';
import { MAX_SLUG } from '../domain/slug.js';
import { KIND_FOLDERS } from './kind-folders.js';
import { extended } from './openapi-extended.js';

type Schema = Record<string, unknown> & {
  $ref?: string;
  type?: string | string[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};
type Schemas = Record<string, Schema>;

/** Completes schemas with what decorators cannot express or would have to repeat. Changes the document. */
export function completeSchemas(document: OpenAPIObject): void {
  const schemas = document.components!.schemas as Schemas;
  schemas.JobDto!.example = newJob();
  schemas.Metadata = METADATA_SCHEMA;
  const requests = bodiesOf(document, schemas);
  for (const [name, schema] of Object.entries(schemas)) {
    if (requests.has(name)) allowNull(schema);
    else Object.entries(schema.properties ?? {}).forEach(([field, one]) => limit(field, one));
  }
  for (const entity of ENTITIES) requireEither(schemas[KIND_FOLDERS[entity].request.dto.name]!, KINDS[entity].text);
  document.components!.schemas = extended(schemas, (name) => !requests.has(name)) as Schemas;
}

/** Removes the suffix of class names: `JobDto` becomes `Job` for clients. */
export function withClientNames(document: OpenAPIObject): OpenAPIObject {
  const text = JSON.stringify(document).replaceAll(/("#\/components\/schemas\/\w+?)Dto"/g, '$1"');
  const { components, ...others } = JSON.parse(text) as OpenAPIObject;
  const schemas = Object.entries(components!.schemas!).map(([name, schema]) => [name.replace(/Dto$/, ''), schema]);
  return { ...others, components: { ...components, schemas: Object.fromEntries(schemas) as Schemas } };
}

/** The names of the schemas of request bodies and of their parts. */
function bodiesOf({ paths }: OpenAPIObject, schemas: Schemas): Set<string> {
  const names = new Set(
    Object.values(paths).flatMap(({ post, put, patch }) =>
      namesIn([post, put, patch].map((one) => one?.requestBody ?? {})),
    ),
  );
  for (const name of names) for (const inner of namesIn(schemas[name]!)) names.add(inner);
  return names;
}

const namesIn = (part: object) =>
  [...JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);

/** An optional field of a request may also be null, with the same meaning; see http/fields.ts. */
function allowNull({ properties = {}, required = [] }: Schema): void {
  for (const [name, field] of Object.entries(properties)) {
    if (required.includes(name)) continue;
    if (!field.type || field.$ref) properties[name] = withNull(field);
    else field.type = [field.type, 'null'].flat();
    if (field.enum) field.enum = [...(field.enum as unknown[]), null];
  }
}

/** A reference has no type of its own that could be null. */
function withNull({ $ref, allOf, ...others }: Schema): Schema {
  delete others.type;
  const refs = (allOf as Schema[] | undefined) ?? [{ $ref: $ref! }];
  return { ...others, anyOf: [...refs, { type: 'null' }] };
}

/** Either the title or the slug is required, as text; unknown fields are refused. */
function requireEither(schema: Schema, field: string): void {
  schema.anyOf = [field, 'slug'].map((name) => ({ required: [name], properties: { [name]: { type: 'string' } } }));
  schema.additionalProperties = false;
}

const SLUG = { pattern: SLUG_PATTERN, minLength: 3, maxLength: MAX_SLUG };
const NAME = { minLength: 1, maxLength: 200 };
const LAST_YEAR = 2200;
/** Limits of texts and numbers in answers, by the name of the field. Source: the CHECKs of the database. */
const TEXTS: Record<string, object> = {
  slug: SLUG,
  requested_slug: SLUG,
  ...Object.fromEntries(Object.values(KINDS).map(({ text }) => [text, NAME])),
  text: { minLength: 1, maxLength: 5000 },
  genres: { minLength: 1, maxLength: 60 },
};
const INTEGERS: Record<string, object> = {
  version: { minimum: 1 },
  max_attempts: { minimum: 1 },
  page: { minimum: 1 },
  per_page: { minimum: 1, maximum: 100 },
  ...Object.fromEntries(
    Object.values(KINDS).map(({ year, firstYear }) => [year, { minimum: firstYear, maximum: LAST_YEAR }]),
  ),
};

/** Counts in an answer are never negative. */
function limit(field: string, schema: Schema): void {
  const types = [schema.type].flat();
  if (types.includes('integer')) Object.assign(schema, { minimum: 0, ...INTEGERS[field], ...schema });
  if (types.includes('string') && !schema.enum) Object.assign(schema, { ...TEXTS[field], ...schema });
  if (schema.items) limit(field, schema.items);
  Object.entries(schema.properties ?? {}).forEach(([name, one]) => limit(name, one));
}
