import { createClient } from '@hey-api/openapi-ts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [document, folder = resolve(import.meta.dirname, 'src/generated')] = process.argv.slice(2);
if (!document) throw new Error('usage: generate.ts <openapi.json> [folder]');

/** JobDto is a name of the server's; to a client it is a Job. */
const name = (schema: string) => schema.replace(/Dto$/, '');

/** Lines for a shell are no documentation of a function. */
const api = JSON.parse(
  readFileSync(document, 'utf8').replace(
    /"description": ?"((?:[^"\\]|\\.)*?)(?:\\n\\n)?```sh(?:[^"\\]|\\.)*"/g,
    '"description":"$1"',
  ),
) as Record<string, unknown>;

await createClient({
  input: api,
  output: { path: resolve(folder), module: { extension: '.js' }, tsConfigPath: null },
  logs: { level: 'silent', file: false },
  interactive: false,
  plugins: [
    { name: '@hey-api/client-fetch', bundle: true },
    { name: '@hey-api/typescript', definitions: { name } },
    { name: '@hey-api/sdk', operations: { strategy: 'flat' } },
  ],
});
