import fc, { type Arbitrary } from 'fast-check';
import { type Documented, type Operation, type Parameter, queryOf as written } from '../support/document/documented.ts';
import { fitting, hostileJson, hostileText, type Schema } from './values.ts';

/** A value of the address: as it is sent, or the nth of those that answers told of. */
export type Value = { raw: string } | { known: number };

/** A request as it was drawn: plain data, so that it can be printed and made smaller. */
export interface Drawn {
  operation: Operation;
  /** Instead of the operation's own. */
  method?: string;
  path: Record<string, Value>;
  query: { name: string; value: Value }[];
  headers: Record<string, string>;
  /** Header values that answers told of: an ETag. */
  etag?: number;
  body?: { text: string } | { base64: string };
}

const SCHEMAS = (api: Documented) => api.document.components.schemas as Record<string, Schema>;

/** Any operation; those that make jobs more often, for the others live on what they make. */
export const anyRequest = (api: Documented, key: string): Arbitrary<Drawn> =>
  fc.oneof(
    ...api.operations.map((operation) => ({
      weight: operation.path.endsWith('/generate') ? 6 : 1,
      arbitrary: requestTo(operation, SCHEMAS(api), key),
    })),
  );

function requestTo(operation: Operation, schemas: Record<string, Schema>, key: string): Arbitrary<Drawn> {
  const { parameters, requestBody } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const body = requestBody
    ? anyBody(requestBody.content['application/json'].schema, schemas)
    : rarely(12, fc.constantFrom({ text: '{}' }, { text: '{' }, { text: 'x'.repeat(70_000) }));
  return fc
    .record({
      operation: fc.constant(operation),
      method: rarely(25, fc.constantFrom('HEAD', 'PUT', 'PATCH', 'OPTIONS', 'DELETE', 'POST', 'GET')),
      path: fc.record(
        Object.fromEntries(inPath.map(({ name, schema }) => [name, pathValue(schema as Schema, schemas)])),
      ),
      query: fc.tuple(queryOf(inQuery, schemas), strayQuery).map((parts) => parts.flat()),
      headers: anyHeaders(key, requestBody !== undefined),
      etag: rarely(12, fc.nat()),
      body,
    })
    .map(({ method, etag, body, ...drawn }) => ({
      ...drawn,
      ...(method && { method }),
      ...(etag !== undefined && { etag }),
      ...(body && method !== 'HEAD' && { body }),
    }));
}

/** In one of so many requests. */
const rarely = <T>(among: number, arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.oneof({ weight: among - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const raw = (text: string): Value => ({ raw: text });
const encoded = (text: string): Value => raw(encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')));

/** Segments as they go over the wire. */
const ODD_SEGMENTS = [
  '%00',
  'a%00b',
  '%',
  '%zz',
  '%ff',
  '%C0%AF',
  '%E0%A4%A',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f',
  '%252e%252e',
  '..',
  '.',
  '*',
  ';a=b',
  'generate',
  'retry',
  '-1',
  '%20',
  '+',
  '%0d%0aset-cookie:a=b',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  'a'.repeat(300),
  'a'.repeat(301),
  'a'.repeat(17_000),
  '%F0%9F%8E%AC'.repeat(20),
];

function pathValue(schema: Schema, schemas: Record<string, Schema>): Arbitrary<Value> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ known: fc.nat() }) },
    { weight: 1, arbitrary: fitting(schema, schemas).map((value) => encoded(String(value) || 'x')) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_SEGMENTS).map(raw) },
    { weight: 1, arbitrary: hostileText.map((text) => encoded(text || 'x')) },
  );
}

function queryOf(parameters: Parameter[], schemas: Record<string, Schema>): Arbitrary<Drawn['query']> {
  const each = parameters.map(({ name, required, schema }) => {
    const good = fitting(schema as Schema, schemas).map((value) =>
      written(name, value).map(([key, one]) => ({ name: encodeURIComponent(key), value: encoded(one) })),
    );
    const odd = hostileText.map((text) => [{ name, value: encoded(text) }]);
    const known = fc.nat().map((nth) => [{ name, value: { known: nth } }]);
    const twice = fc.tuple(good, good).map((two) => two.flat());
    const nested = fc
      .constantFrom(`${name}[]`, `${name}[a]`, `${name}[__proto__]`)
      .map((odd) => [{ name: odd, value: raw('1') }]);
    const given = [
      { weight: 8, arbitrary: good },
      { weight: 2, arbitrary: odd },
      { weight: name === 'cursor' ? 8 : 1, arbitrary: known },
      { weight: 1, arbitrary: twice },
      { weight: 1, arbitrary: nested },
    ];
    return fc.oneof({ weight: required ? 1 : 13, arbitrary: fc.constant<Drawn['query']>([]) }, ...given);
  });
  return fc.tuple(...each).map((parts) => parts.flat());
}

/** Now and then something that is no parameter, or no query. */
const strayQuery: Arbitrary<Drawn['query']> = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Drawn['query']>([]) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('%ff', '%', '__proto__', 'constructor', 'a[b][c]', '%00', '', 'x'.repeat(3000))
      .map((name) => [{ name, value: raw('1') }]),
  },
);

const printable = fc
  .string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code < 0x7f || code > 0x9f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 60,
  })
  .map((text) => text.trim());

/** Mostly none; else good ones, odd ones, and junk of the characters a header can have. */
const header = (...values: string[]) =>
  rarely(6, fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: printable }));
const never = <T>(value: T | undefined): value is T => value !== undefined;

function anyHeaders(key: string, hasBody: boolean): Arbitrary<Record<string, string>> {
  const mine = `Bearer ${key}`;
  return fc
    .record({
      authorization: fc.oneof(
        { weight: 20, arbitrary: fc.constant<string | undefined>(mine) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(undefined, 'Bearer', 'Bearer ', 'Basic eDp5', `${mine}x`, `bearer ${key}`),
        },
        { weight: 1, arbitrary: printable },
      ),
      'content-type': hasBody
        ? fc.oneof(
            { weight: 20, arbitrary: fc.constant<string | undefined>('application/json') },
            { weight: 1, arbitrary: fc.constantFrom(...CONTENT_TYPES) },
            { weight: 1, arbitrary: printable },
          )
        : header(...CONTENT_TYPES),
      'idempotency-key': header(
        'a',
        '"a"',
        'b',
        '"b"',
        '"',
        '""',
        'x'.repeat(255),
        'x'.repeat(256),
        'ü',
        'a,b',
        'a;b=1',
      ),
      prefer: header(
        'wait=0',
        'wait=1',
        'wait=2',
        'wait=-1',
        'wait=x',
        'wait',
        'wait=',
        'respond-async, wait=1',
        'wait=1;wait=2',
      ),
      'if-none-match': header('*', 'W/"x"', '"x"', 'x', '"a", "b"', '"'.repeat(200), 'x'.repeat(4000)),
      'last-event-id': header(
        '0',
        '1',
        '-1',
        '99999999999999999999',
        'x',
        '1.5',
        '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b',
      ),
      'x-request-id': header('client-1', 'x'.repeat(128), 'x'.repeat(129), '../x', 'a b', '{}'),
      traceparent: header(
        `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`,
        '00-x',
      ),
      accept: header(
        'application/json',
        'text/event-stream',
        'text/html',
        '*/*;q=0',
        'nonsense',
        'application/problem+json',
      ),
      'accept-language': header('pl-PL', 'xx', '*', '-'),
      'x-forwarded-for': header('1.2.3.4', '::1', 'unknown', '1.2.3.4, evil'),
      'content-encoding': rarely(60, fc.constantFrom('gzip', 'identity', 'nonsense')),
      expect: rarely(60, fc.constantFrom('100-continue', 'nonsense')),
      'x-padding': rarely(200, fc.constant('x'.repeat(17_000))),
    })
    .map((all) =>
      Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => never(entry[1]))),
    );
}

const CONTENT_TYPES = [
  undefined,
  'application/json; charset=utf-8',
  'application/json; charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/merge-patch+json',
  'application/json, application/json',
  '*/*',
].filter(never);

/** A good body; one with a wrong field; something else; or no JSON at all. */
function anyBody(schema: Schema, schemas: Record<string, Schema>): Arbitrary<NonNullable<Drawn['body']>> {
  const good = fitting(schema, schemas);
  const names = fc.oneof(
    fc.constantFrom(...Object.keys(resolved(schema, schemas).properties ?? { x: 1 })),
    fc.constantFrom('__proto__', 'constructor', 'toString', '', 'a/b~c', 'x'.repeat(500), 'hasOwnProperty'),
  );
  const spoilt = fc
    .tuple(good, names, hostileJson)
    .map(([value, name, wrong]) =>
      Object.defineProperty({ ...(value as object) }, name, { value: wrong, enumerable: true }),
    );
  const spoiltWithin = fc
    .tuple(good, fc.nat(), hostileJson)
    .map(([value, nth, wrong]) => withWrongPart(value, nth, wrong));
  const json = (value: unknown) => ({ text: JSON.stringify(value) });
  const textOf = good.map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 8, arbitrary: good.map(json) },
    { weight: 4, arbitrary: spoilt.map(json) },
    { weight: 3, arbitrary: spoiltWithin.map(json) },
    { weight: 2, arbitrary: hostileJson.map(json) },
    { weight: 1, arbitrary: fc.constantFrom(...NO_JSON).map((text) => ({ text })) },
    {
      weight: 1,
      arbitrary: fc.tuple(textOf, fc.nat()).map(([text, at]) => ({ text: text.slice(0, at % (text.length + 1)) })),
    },
    {
      weight: 1,
      arbitrary: textOf.map((text) => ({ text: text.replace(/}$/, ',"locale":"en-US","locale":"pl-PL"}') })),
    },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ base64: Buffer.from(bytes).toString('base64') })),
    },
  );
}

/** The same, but for one of the values in it, however deep. */
function withWrongPart(value: unknown, nth: number, wrong: unknown): unknown {
  const changed = structuredClone(value);
  const places = placesIn(changed);
  const place = places[nth % places.length];
  if (place) place.holder[place.name] = wrong;
  return changed;
}

/** Every value, its parts before itself. */
function placesIn(value: unknown): { holder: Record<string, unknown>; name: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [...placesIn(holder[name]), { holder, name }]);
}

const resolved = (schema: Schema, schemas: Record<string, Schema>) =>
  schema.$ref ? schemas[schema.$ref.split('/').at(-1)!]! : schema;

const NO_JSON = [
  '',
  ' ',
  '{',
  '[]',
  'null',
  '"x"',
  'NaN',
  '{"title":NaN}',
  "{'title':'x'}",
  '{"title":"x"}{}',
  '\ufeff{"title":"x"}',
  '{"title":"\\ud800"}',
  '{"title":1e400}',
  `{"title":${'9'.repeat(1000)}}`,
  `${'['.repeat(1000)}${']'.repeat(1000)}`,
  `{"a":${'{"a":'.repeat(30)}1${'}'.repeat(31)}`,
  // Over the limit of a body: several, so that no run goes without.
  ...['title', 'name', 'slug', 'locale', 'webhook_url'].map((field) => JSON.stringify({ [field]: 'x'.repeat(66_000) })),
  JSON.stringify({ items: Array.from({ length: 501 }, (_, n) => ({ title: `Many ${n}` })) }),
  JSON.stringify({ ids: Array.from({ length: 1500 }, () => '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b') }),
];
