import fc, { type Arbitrary } from 'fast-check';

export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  additionalProperties?: Schema;
  example?: unknown;
}

/** Asked for again and again, so that requests meet: the same job, the next version, an ambiguous name. */
const NAMES = [
  'The Matrix',
  'Solaris',
  'Amélie',
  '千と千尋の神隠し',
  'Who’s Afraid?',
  '$',
  'M',
  'Greta Example',
  'Se7en',
];
const SLUGS = ['the-matrix-1999', 'solaris'];
/** Four digits of a year. */
const DAYS = { min: new Date('1000-01-01'), max: new Date('2100-12-31'), noInvalidDate: true };
/** Longest list that is drawn when longer ones are valid: a batch of 500 is one of 500 jobs. */
const LONGEST_LIST = 5;

/** Texts that have broken something somewhere. */
export const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\uffff',
  '\u202eexe.gpj',
  'é'.normalize('NFD').repeat(50),
  '𠮷'.repeat(201),
  'x'.repeat(201),
  'x'.repeat(5000),
  '../../../../etc/passwd',
  '..%2f..%2f',
  "'; DROP TABLE generation_jobs;--",
  '" OR 1=1',
  '<script>alert(1)</script>',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '%s%n%x',
  '\r\nset-cookie: a=b',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  '1e309',
  '-1',
  '0x10',
  '9'.repeat(400),
  '2026-02-30T25:61:61Z',
  '0000-01-01',
  '9999-12-31',
  '+275760-09-13T00:00:00.001Z',
  'https://127.0.0.1/',
  'http://[::1]:22/',
  'file:///etc/passwd',
  '019ab1d2-7c3e-7000-8000-5d5f6c1e2a3b',
  'en_US',
  '🎬',
];

export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

const HOSTILE_NUMBERS = [0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 63), 86_401, 1887, 2400, 501];

/** Any JSON: of the wrong type wherever it is put. */
export const hostileJson: Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    ...HOSTILE_NUMBERS,
    null,
    true,
    false,
    [],
    {},
    [null],
    [[]],
    { toString: 1 },
    { length: -1 },
  ),
  fc.double({ noNaN: true }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** What a schema takes, its bounds included. `schemas`: the components it refers to. */
export function fitting(schema: Schema, schemas: Record<string, Schema>): Arbitrary<unknown> {
  if (schema.$ref) return fitting(schemas[schema.$ref.split('/').at(-1)!]!, schemas);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const either = schema.anyOf ?? schema.oneOf;
  if (either && !schema.properties) return fc.oneof(...either.map((one) => fitting(one, schemas)));
  if (schema.allOf) return merged(schema.allOf.map((one) => fitting(one, schemas)));
  if (schema.properties) return object(schema, schemas);
  const [type = 'string', ...others] = [schema.type ?? 'string'].flat();
  const value = simple({ ...schema, type }, schemas);
  return others.includes('null') ? fc.oneof(value, fc.constant(null)) : value;
}

function simple(schema: Schema, schemas: Record<string, Schema>): Arbitrary<unknown> {
  const { minimum = -1000, maximum = 1000, minItems = 0, maxItems = LONGEST_LIST } = schema;
  switch (schema.type) {
    case 'integer':
      return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, maximum));
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const lengths = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, LONGEST_LIST)) };
      const item = itemOf(schema, schemas);
      return schema.uniqueItems ? fc.uniqueArray(item, lengths) : fc.array(item, lengths);
    }
    case 'object':
      return named(schema, schemas);
    default:
      return text(schema);
  }
}

/** Mostly one of the example: what else is taken, no schema may say, as of the genres. */
function itemOf({ items = {}, example }: Schema, schemas: Record<string, Schema>): Arbitrary<unknown> {
  const any = fitting(items, schemas);
  return Array.isArray(example) ? fc.oneof({ weight: 7, arbitrary: fc.constantFrom(...example) }, any) : any;
}

/** Of names that the client chooses. */
function named({ additionalProperties }: Schema, schemas: Record<string, Schema>): Arbitrary<unknown> {
  const value = additionalProperties ? fitting(additionalProperties, schemas) : fc.jsonValue({ maxDepth: 1 });
  const name = fc.oneof(
    { weight: 7, arbitrary: fc.constantFrom('order', 'a.b', 'C_3-d') },
    fc.string({ maxLength: 10 }),
  );
  return fc.dictionary(name, value, { maxKeys: 3 });
}

function text({ format, pattern, minLength = 0, maxLength = 60, example }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date') return fc.date(DAYS).map((date) => date.toISOString().slice(0, 10));
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  // A host that exists nowhere: RFC 6761.
  if (format === 'uri' || /^https?:/.test(String(example)))
    return fc.webPath().map((path) => `https://hooks.invalid${path}`);
  if (pattern) {
    const most = Math.max(minLength, Math.min(maxLength, 60));
    const matching = fc.stringMatching(new RegExp(pattern), { maxLength: most });
    const known = [...SLUGS, example].filter((one): one is string => new RegExp(pattern).test(String(one)));
    return fc.oneof(
      matching.filter(({ length }) => length >= minLength),
      ...(known.length > 0 ? [fc.constantFrom(...known)] : []),
    );
  }
  return fc.oneof(
    fc.constantFrom(...NAMES, typeof example === 'string' ? example : 'M'),
    fc.string({ unit: 'grapheme', minLength, maxLength }),
    fc.constantFrom('x'.repeat(maxLength), '𠮷'.repeat(maxLength)),
  );
}

function object(
  { properties = {}, required = [], anyOf }: Schema,
  schemas: Record<string, Schema>,
): Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, fitting(field, schemas)]));
  const alternatives = anyOf ?? [];
  const exclusive = alternatives.flatMap((one) => one.required ?? []);
  const all = fc.record(fields, { requiredKeys: required });
  // One of the alternatives alone, as clients send it; all of them at random hardly ever fit together.
  const shapes = alternatives.map(({ required: keys = [], properties: narrower = {} }) => {
    const others = exclusive.filter((name) => !keys.includes(name));
    const own = Object.entries(fields).filter(([name]) => !others.includes(name));
    const sure = keys.map((name) => [name, fitting({ ...properties[name], ...narrower[name] }, schemas)] as const);
    return fc.record(Object.fromEntries([...own, ...sure]), { requiredKeys: [...required, ...keys] });
  });
  return fc.oneof(all, ...shapes.flatMap((shape) => [shape, shape]));
}

const merged = (parts: Arbitrary<unknown>[]) =>
  fc.tuple(...parts).map((values) => Object.assign({}, ...(values as object[])) as unknown);
