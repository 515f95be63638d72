/** The subset of JSON Schema that answers are asked for in. */
export interface Schema {
  type?: string | string[];
  enum?: readonly string[];
  properties?: Record<string, Schema>;
  required?: readonly string[];
  items?: Schema;
  additionalProperties?: boolean;
}

type Fields = Record<string, unknown>;

/**
 * A value as its schema wants it, where it plainly means the same: `"1999"` for a number, one name for a list.
 * Unknown fields and odd members of a list are left out.
 * What means something else stays as it is, for the strict rules that follow.
 */
export function fitted(value: unknown, schema: Schema): unknown {
  const types = [schema.type ?? []].flat();
  const isOptional = types.includes('null');
  if (value === undefined || value === null) return isOptional ? null : types.includes('array') ? [] : value;
  if (types.includes('object')) return asObject(value, schema);
  if (types.includes('array')) return asList(value, schema.items ?? {});
  if (types.includes('boolean')) return asFlag(value);
  if (types.includes('integer')) return asNumber(value, isOptional);
  return schema.enum ? asWord(value, schema.enum) : asText(value, isOptional);
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field's name without case and signs: `releaseYear` is `release_year`. */
const folded = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function asObject(value: unknown, { properties = {} }: Schema): unknown {
  if (!isObject(value)) return value;
  const others = new Map(Object.entries(value).map(([name, part]) => [folded(name), part]));
  const valueOf = (name: string) => (Object.hasOwn(value, name) ? value[name] : others.get(folded(name)));
  const fields = Object.entries(properties).map(([name, part]) => [name, fitted(valueOf(name), part)] as const);
  return Object.fromEntries(fields.filter(([, part]) => part !== undefined));
}

/** How many of its fields a value has, by any spelling. */
export function fieldsIn(value: unknown, { properties = {} }: Schema): number {
  if (!isObject(value)) return 0;
  const names = new Set(Object.keys(value).map(folded));
  return Object.keys(properties).filter((name) => names.has(folded(name))).length;
}

/** One member where a list belongs is a list of one. */
function asList(value: unknown, items: Schema): unknown {
  const members = membersOf(value, items);
  if (members === null) return value;
  const all = members.map((member) => fitted(member, items));
  const fit = all.filter((member) => fits(member, items));
  // Where none is as it should be, the list has another meaning.
  const isOther = fit.length === 0 && (all.length > 1 || (all.length === 1 && !Array.isArray(value)));
  return isOther ? value : fit;
}

function membersOf(value: unknown, items: Schema): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[];
  if (items.type === 'object') return isObject(value) ? [value] : null;
  return typeof value === 'string' ? namesIn(value) : null;
}

/** "Lana Wachowski, Lilly Wachowski" are two, and "Robert Downey, Jr." is one. */
const namesIn = (text: string) =>
  text
    .split(/[;,](?!\s*(?:jr|sr|[iv]+)\b\.?)\s|[;\n]/i)
    .map((name) => name.trim())
    .filter((name) => asText(name, true) !== null);

function asFlag(value: unknown): unknown {
  const word = String(value).trim().toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  return ['false', 'no', '0'].includes(word) ? false : value;
}

/** How models write that they do not know. */
const NOTHING = /^(?:null|none|nil|undefined|n\/?a|unknown|-|\?)?$/i;

/** Year 0 was never, and stands where a server's grammar knows no `null`. */
function asNumber(value: unknown, isOptional: boolean): unknown {
  if (value === 0 && isOptional) return null;
  if (typeof value !== 'string') return value;
  const [, number] = /^\s*([-+]?\d{1,15})(?:\.0+|-\d\d(?:-\d\d)?)?\s*$/.exec(value) ?? [];
  if (number !== undefined) return Number(number) === 0 && isOptional ? null : Number(number);
  return isOptional && NOTHING.test(value.trim()) ? null : value;
}

/** One of the words by any spelling: "Science Fiction" is `science-fiction`. */
function asWord(value: unknown, words: readonly string[]): unknown {
  const word = folded(String(nameOf(value)));
  return words.find((one) => folded(one) === word) ?? value;
}

function asText(value: unknown, isOptional: boolean): unknown {
  const text = nameOf(value);
  if (typeof text === 'number') return String(text);
  if (Array.isArray(text) && text.length > 0 && text.every((part) => typeof part === 'string'))
    return text.join('\n\n');
  return isOptional && typeof text === 'string' && /^(?:null)?$/.test(text.trim()) ? null : text;
}

/** `{ "name": "Lana Wachowski" }` where her name belongs, and a text in a box of its own. */
function nameOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [only, ...others] = Object.values(value);
  const named = value.name ?? value.title ?? value.text ?? (others.length === 0 ? only : undefined);
  return typeof named === 'string' ? named : value;
}

/** Whether a member of a list is as its schema wants it, for this subset. */
function fits(value: unknown, schema: Schema): boolean {
  const types = [schema.type ?? []].flat();
  if (value === null || value === undefined) return types.includes('null');
  if (types.includes('object'))
    return isObject(value) && Object.entries(schema.properties ?? {}).every(([name, part]) => fits(value[name], part));
  if (schema.enum) return schema.enum.includes(value as string);
  if (types.includes('integer')) return Number.isInteger(value);
  if (types.includes('boolean')) return typeof value === 'boolean';
  return types.includes('array') ? Array.isArray(value) : typeof value === 'string' && value.trim() !== '';
}
