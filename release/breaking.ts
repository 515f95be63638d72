/** As far as it is looked at. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
}
type Content = Record<string, { schema?: Schema }>;
interface Operation {
  parameters?: { $ref?: string; name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { $ref?: string; content?: Content }>;
}
export interface Document {
  paths: Record<string, Record<string, unknown>>;
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

/**
 * What a client of one document would miss in another, a line each: operations, answers and their fields that are gone,
 * types that are others, and fields that requests now have to have. What is only new breaks nobody.
 */
export function breaking(before: Document, after: Document): string[] {
  const lines = Object.entries(before.paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => operations[method]).flatMap((method) => {
      const now = after.paths[path]?.[method] as Operation | undefined;
      const where = `${method.toUpperCase()} ${path}`;
      if (!now) return [`${where} is gone`];
      return new Comparison(before, after)
        .operation(operations[method] as Operation, now)
        .map((line) => `${where}: ${line}`);
    }),
  );
  return [...new Set(lines)];
}

class Comparison {
  private readonly seen = new Set<string>();
  private readonly before: Document;
  private readonly after: Document;

  constructor(before: Document, after: Document) {
    this.before = before;
    this.after = after;
  }

  operation(was: Operation, is: Operation): string[] {
    return [...this.parameters(was, is), ...this.body(was, is), ...this.answers(was, is)];
  }

  private parameters(was: Operation, is: Operation): string[] {
    const [old, present] = [of(this.before, was.parameters), of(this.after, is.parameters)];
    const gone = old.filter((one) => !present.some((other) => isSame(one, other)));
    const needed = present.filter((one) => one.required && !old.some((other) => other.required && isSame(one, other)));
    return [
      ...gone.map(({ name }) => `the parameter ${name} is gone`),
      ...needed.map(({ name }) => `the parameter ${name} has to be given`),
    ];
  }

  private body(was: Operation, is: Operation): string[] {
    if (!was.requestBody) return is.requestBody?.required ? ['a body has to be given'] : [];
    if (!is.requestBody) return ['takes no body any more'];
    return this.contents(was.requestBody.content, is.requestBody.content, 'request', 'in the request');
  }

  private answers(was: Operation, is: Operation): string[] {
    return Object.entries(was.responses).flatMap(([status, answer]) => {
      const now = is.responses[status];
      if (!now) return status.startsWith('2') ? [`does not answer ${status} any more`] : [];
      const [old, present] = [resolved(this.before, answer), resolved(this.after, now)];
      return this.contents(old.content ?? {}, present.content ?? {}, 'answer', `in the answer ${status}`);
    });
  }

  private contents(was: Content, is: Content, side: Side, where: string): string[] {
    return Object.entries(was).flatMap(([type, { schema }]) => {
      if (!is[type]) return [`${where}: ${type} is gone`];
      return this.schemas(schema, is[type].schema, side, where, 'its body');
    });
  }

  /** @param at the field, for a reader */
  private schemas(was: Schema | undefined, is: Schema | undefined, side: Side, where: string, at: string): string[] {
    if (!was || !is) return [];
    const pair = `${side} ${was.$ref} ${is.$ref}`;
    if (was.$ref && this.seen.has(pair)) return [];
    this.seen.add(pair);
    const [old, present] = [merged(this.before, was), merged(this.after, is)];
    const [lost, gained] = [missing(typesOf(old), typesOf(present)), missing(typesOf(present), typesOf(old))];
    const others = side === 'request' ? lost : gained;
    if (typesOf(old).length > 0 && others.length > 0)
      return [`${where}: ${at} is ${typesOf(present).join(' or ')}, was ${typesOf(old).join(' or ')}`];
    const words = side === 'request' ? missing(old.enum ?? [], present.enum ?? old.enum ?? []) : [];
    return [
      ...words.map((word) => `${where}: ${at} may not be ${String(word)} any more`),
      ...this.fields(old, present, side, where),
      ...this.schemas(old.items, present.items, side, where, `an item of ${at}`),
    ];
  }

  private fields(was: Schema, is: Schema, side: Side, where: string): string[] {
    const [old, present] = [was.properties ?? {}, is.properties ?? {}];
    const needed = missing(is.required ?? [], was.required ?? []);
    const optional = missing(was.required ?? [], is.required ?? []).filter((name) => name in present);
    return [
      ...missing(Object.keys(old), Object.keys(present)).map((name) => `${where}: ${name} is gone`),
      ...(side === 'request' ? needed.map((name) => `${where}: ${name} has to be given`) : []),
      ...(side === 'answer' ? optional.map((name) => `${where}: ${name} may be missing`) : []),
      ...Object.entries(old).flatMap(([name, schema]) => this.schemas(schema, present[name], side, where, name)),
    ];
  }
}

type Side = 'request' | 'answer';

const missing = <T>(from: T[], there: T[]): T[] => from.filter((one) => !there.includes(one));
const typesOf = ({ type }: Schema): string[] => (type === undefined ? [] : [type].flat());
const isSame = (one: { name: string; in: string }, other: { name: string; in: string }) =>
  one.name === other.name && one.in === other.in;
const of = (document: Document, parameters: NonNullable<Operation['parameters']> = []) =>
  parameters.map((one) => resolved(document, one));

function resolved<T extends { $ref?: string }>(document: Document, value: T): T {
  if (!value.$ref) return value;
  const steps = value.$ref.split('/').slice(1);
  return steps.reduce<unknown>((found, step) => (found as Record<string, unknown>)[step], document) as T;
}

/** With what its `allOf` adds. */
function merged(document: Document, schema: Schema): Schema {
  const own = resolved(document, schema);
  const parts = (own.allOf ?? []).map((part) => merged(document, part));
  return {
    ...Object.assign({}, ...parts, own),
    properties: Object.assign({}, ...parts.map((part) => part.properties), own.properties) as Record<string, Schema>,
    required: [...parts.flatMap((part) => part.required ?? []), ...(own.required ?? [])],
  };
}
