import type { Documented } from './documented.js';

type Schema = {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  enum?: string[];
};
type Attack = [name: string, body: string];

export const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
/** Whole characters: half a surrogate pair is replaced. */
export const fill = (text: string, length: number) =>
  Buffer.from(text.repeat(Math.ceil(length / text.length)).slice(0, length)).toString();

/** What checks of texts, and the expressions among them, may stumble over. */
export const HOSTILE: Record<string, string> = {
  letters: 'x',
  marks: 'a\u0301\u0316',
  'marks alone': '\u0316\u0301',
  'other scripts': '千',
  emoji: '👨‍👩‍👧🏳️‍🌈',
  spaces: ' ',
  'spaces inside': `a${' '.repeat(99)}`,
  quotes: `'";)`,
  statements: `' select or and union all `,
  conditions: `' or x `,
  tags: '<a&lt;',
  hyphens: 'a-',
  commas: ',"',
};

const resolved = (api: Documented, schema: Schema): Schema =>
  schema.$ref ? resolved(api, api.document.components.schemas[schema.$ref.split('/').at(-1)!] as Schema) : schema;

/** Where names and values may stand: the body itself, and the entries of its lists. */
function levels(
  api: Documented,
  schema: Schema,
): { name: string; around: (inner: string) => string; fields: Record<string, Schema> }[] {
  const body = resolved(api, schema);
  const lists = Object.entries(body.properties ?? {}).filter(([, { type }]) => type === 'array');
  return [
    { name: 'body', around: (inner) => inner, fields: body.properties ?? {} },
    ...lists.map(([name, { items }]) => ({
      name,
      around: (inner: string) => `{${JSON.stringify(name)}:[${inner}]}`,
      fields: resolved(api, items ?? {}).properties ?? {},
    })),
  ];
}

/** The worst bodies of up to `limit` bytes for an operation that takes bodies of that schema. */
export function attacksOn(api: Documented, schema: Schema, limit: number): Attack[] {
  const room = limit - 200;
  const unknown = (count: number) => `{${many(count, (n) => `"k${n}":1`).join(',')}}`;
  return levels(api, schema).flatMap(({ name, around, fields }): Attack[] => {
    const wrong = `{${Object.keys(fields)
      .map((field) => `${JSON.stringify(field)}:[]`)
      .join(',')}}`;
    const each = (text: string, length: number) =>
      JSON.stringify(Object.fromEntries(Object.keys(fields).map((field) => [field, fill(text, length)])));
    const rows = (row: string) => around(many(Math.min(500, Math.floor(room / (row.length + 1))), () => row).join(','));
    const bytes = (text: string) => Buffer.byteLength(text) / text.length;
    return [
      ['unknown names', around(unknown(Math.floor(room / 11)))],
      ['a few unknown names in each', rows(unknown(18))],
      ['every field wrong in each', rows(wrong)],
      ['numbers', around(many(Math.floor(room / 2), () => '1').join(','))],
      ['a huge number', around(`{"x":${'9'.repeat(room)}}`)],
      ['spaces', around(`{${' '.repeat(room)}}`)],
      ['a long name', around(`{"${'x'.repeat(room)}":1}`)],
      ['escaped letters', around(`{"x":"${'\\u0301'.repeat(room / 6)}"}`)],
      ['objects in objects', around('{"a":'.repeat(room / 5))],
      ['lists in lists', around('['.repeat(room))],
      ...Object.entries(HOSTILE).flatMap(([kind, text]): Attack[] => [
        [`200 ${kind} in each field of each`, rows(each(text, 200))],
        [`a text of ${kind}`, around(JSON.stringify({ title: fill(text, room / bytes(text) / 2), name: 'x' }))],
        [
          `a text of ${kind} for each field`,
          around(each(text, room / bytes(text) / 2 / (Object.keys(fields).length || 1))),
        ],
      ]),
    ].map(([attack, body]) => [`${name}: ${attack}`, body!] as Attack);
  });
}
