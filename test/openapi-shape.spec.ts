import { describeApp } from '../src/server/app.js';
import { type Documentation, Documented, type Operation } from './support/document/documented.js';

type Answer = Operation['responses'][string];

describe('the OpenAPI document', () => {
  let document: Documentation;
  let operations: Operation[];

  beforeAll(async () => {
    document = (await describeApp()) as unknown as Documentation;
    ({ operations } = new Documented(document));
  });

  /** As it stands there, references and all. */
  function written() {
    const paths = Object.values(document.paths).flatMap((item) => Object.values(item));
    const all = [...paths, ...Object.values(document.webhooks).map(({ post }) => post as Operation)];
    return {
      answers: all.flatMap(({ responses }) => Object.entries(responses)),
      parameters: all.flatMap(({ parameters }) => parameters ?? []),
    };
  }

  it('writes out no problem at an operation', () => {
    const problems = written().answers.filter(([status]) => status >= '400' && status <= '599');
    expect(problems.length).toBeGreaterThan(300);
    expect(problems.filter(([, answer]) => !('$ref' in answer))).toEqual([]);
  });

  it('says no header, no parameter and no example twice in the same words', () => {
    const { answers, parameters } = written();
    const all = [...answers.map(([, answer]) => answer), ...Object.values(document.components.responses)] as Answer[];
    const headers = all.flatMap((answer) => Object.entries(answer.headers ?? {}));
    const bodies = all.flatMap(({ content = {} }) => Object.values(content));
    const parts: object[] = [
      ...parameters,
      ...headers.map(([name, part]) => ({ name, ...part })),
      ...bodies.flatMap(({ examples = {} }) => Object.values(examples)),
    ];
    const texts = parts.filter((part) => !('$ref' in part)).map((part) => JSON.stringify(part));
    expect(texts.filter((text, index) => texts.indexOf(text) < index)).toEqual([]);
  });

  it('refers to nothing that is not there', () => {
    const references = referencesIn(document);
    expect(references.size).toBeGreaterThan(80);
    const lost = [...references].filter((reference) => {
      const [, , kind, name] = reference.split('/') as [string, string, keyof Documentation['components'], string];
      return !(name in document.components[kind]);
    });
    expect(lost).toEqual([]);
  });

  it('calls things as a client does', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining(['Job', 'Movie', 'MovieSummary', 'Person', 'Problem']));
    expect(names.filter((name) => name.endsWith('Dto'))).toEqual([]);
    const problems = ['BadRequest', 'Unauthorized', 'NotFound', 'Invalid', 'TooMany'];
    expect(Object.keys(document.components.responses)).toEqual(expect.arrayContaining(problems));
    const others = ['responses', 'headers', 'parameters', 'examples'] as const;
    const odd = others
      .flatMap((kind) => Object.keys(document.components[kind]))
      .filter((name) => !/^([A-Z][A-Za-z\d]*)$/.test(name));
    expect(odd).toEqual([]);
  });

  it('says how long and how large a text and a number of a request may be', () => {
    const bodies = operations.flatMap(({ requestBody }) => requestBody?.content['application/json'].schema ?? []);
    const fields = [
      ...operations.flatMap(({ parameters }) => parameters.map(({ name, schema }) => ({ name, schema }))),
      ...bodies.flatMap((schema) => fieldsOf(schema, document.components.schemas)),
    ] as { name: string; schema: LimitedSchema }[];
    expect(fields.length).toBeGreaterThan(60);
    expect(fields.filter(({ schema }) => !isLimited(schema)).map(({ name }) => name)).toEqual([]);
  });

  it('says of an answer what is known of its slugs, texts and counts', () => {
    const { MovieRef, Job } = document.components.schemas as Record<string, { properties: Record<string, object> }>;
    const slug = { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', minLength: 3, maxLength: 255 };
    expect([MovieRef!.properties.slug, Job!.properties.requested_slug, Job!.properties.slug]).toMatchObject([
      slug,
      slug,
      slug,
    ]);
    expect([MovieRef!.properties.title, MovieRef!.properties.release_year]).toMatchObject([
      { maxLength: 200 },
      { minimum: 1888 },
    ]);
    expect([Job!.properties.attempts, Job!.properties.max_attempts]).toMatchObject([{ minimum: 0 }, { minimum: 1 }]);
  });
});

function referencesIn(part: unknown): Set<string> {
  return new Set([...JSON.stringify(part).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!));
}

interface LimitedSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: LimitedSchema;
  properties?: Record<string, LimitedSchema>;
}

/** Those of a body, and of what is within. */
function fieldsOf(
  schema: LimitedSchema,
  schemas: Record<string, LimitedSchema>,
): { name: string; schema: LimitedSchema }[] {
  const { properties = {} } = schema.$ref ? schemas[schema.$ref.split('/').at(-1)!]! : schema;
  return Object.entries(properties).flatMap(([name, field]) => [
    { name, schema: field },
    ...(field.items ? [{ name, schema: field.items }, ...fieldsOf(field.items, schemas)] : []),
  ]);
}

/** A UUID has its length by its form. */
function isLimited({ type, format, enum: words, maxLength, minimum, maximum }: LimitedSchema): boolean {
  const types = [type].flat();
  if (types.includes('string')) return words !== undefined || maxLength !== undefined || format === 'uuid';
  return !types.includes('integer') || (minimum !== undefined && maximum !== undefined);
}
