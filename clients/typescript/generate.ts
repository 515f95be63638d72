import { createClient } from '@hey-api/openapi-ts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

interface Api {
  [part: string]: unknown;
  components: { [kind: string]: unknown; parameters: Record<string, object> };
}

const [document, folder = resolve(import.meta.dirname, 'src/generated')] = process.argv.slice(2);
if (!document) throw new Error('usage: generate.ts <openapi.json> [folder]');

/** Settings of a server say which there are: to the compiler they are text. */
const SETTINGS = ['locale', 'context_tag', 'tone'];

interface Part {
  $ref?: string;
  name?: unknown;
  schema?: object;
}

function asText(name: string, part: Part | string | null): unknown {
  if (typeof part !== 'object') return part;
  if (SETTINGS.includes(name) && part && 'enum' in part) return { ...part, enum: undefined };
  const isParameter = SETTINGS.includes(part?.name as string) && part?.schema;
  return isParameter ? { ...part, schema: { ...part.schema, enum: undefined } } : part;
}

const text = JSON.stringify(JSON.parse(readFileSync(document, 'utf8'), asText));
const { parameters, ...components } = (JSON.parse(text) as Api).components;

/**
 * Callers pass a parameter as a field. Shared parameters are put in place: otherwise each would become a type of its
 * own.
 */
const api = JSON.parse(text, (_, part: Part | null) => {
  const [, name] = /^#\/components\/parameters\/(\w+)$/.exec(part?.$ref ?? '') ?? [];
  const { $ref: _reference, ...beside } = part ?? {};
  return name ? { ...parameters[name], ...beside } : part;
}) as Api;

await createClient({
  input: { ...api, components },
  output: { path: resolve(folder), module: { extension: '.js' }, tsConfigPath: null },
  logs: { level: 'silent', file: false },
  interactive: false,
  plugins: [
    { name: '@hey-api/client-fetch', bundle: true },
    { name: '@hey-api/typescript' },
    { name: '@hey-api/sdk', operations: { strategy: 'flat' } },
  ],
});
