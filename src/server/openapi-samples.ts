import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

interface Media {
  example?: object;
  examples?: Record<string, { value: object }>;
}

interface Sampled {
  method: string;
  /** The path with the examples of its parameters. */
  address: string;
  /** Whether it needs a key when keys are required. */
  guarded: boolean;
  body?: object;
  /** Whether it answers with a stream of events. */
  streams: boolean;
}

/** An entry of `x-codeSamples` of an operation, for tools. */
export interface Sample {
  lang: string;
  label: string;
  source: string;
}

/** The variable that the commands read, too. */
const AUTHORIZATION = '"Authorization: Bearer $MOVIEMIND_TOKEN"';

/** Shell lines that send the example of an operation. `address`: the path with the examples of its parameters. */
export function samplesOf(method: string, address: string, operation: Operation): Sample[] {
  const security = operation.security ?? [];
  const media = mediaOf(operation.requestBody);
  const sampled: Sampled = {
    method: method.toUpperCase(),
    address: address + exampleQuery(operation),
    guarded: security.length > 0 && security.every((scheme) => Object.keys(scheme).length > 0),
    body: media && (Object.values(media.examples ?? {})[0]?.value ?? media.example),
    streams: mediaOf(operation.responses['200'], 'text/event-stream') !== undefined,
  };
  const samples = { curl: curl(sampled), HTTPie: httpie(sampled) };
  return Object.entries(samples).map(([label, source]) => ({ lang: 'Shell', label, source }));
}

/** The path of an operation, with the examples of its parameters. */
export function examplePath(path: string, { parameters = [] }: Operation): string {
  const named = parameters as { name: string; schema: { example?: string } }[];
  const exampleFor = (name: string) => named.find((parameter) => parameter.name === name)?.schema.example ?? name;
  return path.replace(/\{(\w+)\}/g, (_, name: string) => exampleFor(name));
}

const mediaOf = (part: object | undefined, type = 'application/json') =>
  part && 'content' in part ? (part.content as Record<string, Media>)[type] : undefined;

/** The query of the required parameters. */
function exampleQuery({ parameters = [] }: Operation): string {
  const all = parameters as { name: string; in: string; required?: boolean; schema: { example: unknown } }[];
  const needed = all.filter(({ in: place, required }) => place === 'query' && required);
  const query = new URLSearchParams(
    Object.fromEntries(needed.map(({ name, schema }) => [name, String(schema.example)])),
  ).toString();
  return query && `?${query}`;
}

function curl({ method, address, guarded, body, streams }: Sampled): string {
  return [
    'curl',
    ...(streams ? ['-N'] : []),
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(guarded ? ['-H', AUTHORIZATION] : []),
    ...(body ? ['-H', quoted('Content-Type: application/json')] : []),
    quoted(address),
    ...(body ? ['-d', quoted(JSON.stringify(body))] : []),
  ].join(' ');
}

function httpie({ method, address, guarded, body = {}, streams }: Sampled): string {
  const fields = Object.entries(body).map(([name, value]) =>
    quoted(typeof value === 'string' ? `${name}=${value}` : `${name}:=${JSON.stringify(value)}`),
  );
  const header = guarded ? [AUTHORIZATION.replace(': ', ':')] : [];
  return ['http', ...(streams ? ['--stream'] : []), method, quoted(address), ...header, ...fields].join(' ');
}

/** A shell word: quoted only if it contains characters with a meaning there. */
const quoted = (text: string) => (/^[\w/:.,@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
