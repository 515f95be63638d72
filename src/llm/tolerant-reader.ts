import { fieldsIn, fitted, type Schema } from './fitted.js';
import { jsonIn } from './found-json.js';

/** How deep an answer may be wrapped: in lists, in objects, and in strings of JSON. */
const MOST_WRAPPINGS = 4;
/** Strings of JSON that are read beside each other, at most; an answer has one. Each may have to be repaired. */
const MOST_STRINGS = 4;

/**
 * Finds the object that was asked for in what a model said, however it is wrapped. Whether the object is right, the
 * strict rules behind it say: this one invents nothing.
 * @param said texts or objects, the most likely place first
 * @param isCut the model was stopped before it came to an end
 * @returns `undefined`: there is no object
 */
export function readAnswer(said: unknown[], schema: Schema, isCut = false): unknown {
  for (const one of said) {
    const values = typeof one === 'string' ? jsonIn(one, isCut) : [one];
    const objects = values.map((value) => unwrapped(value, schema)).filter((value) => value !== null);
    if (objects.length > 0) return fitted(bestOf(objects, schema), schema);
  }
  return undefined;
}

type Fields = Record<string, unknown>;

/** The last of those that have most of the fields: what comes before is often a draft, or the question repeated. */
const bestOf = (objects: Fields[], schema: Schema) =>
  objects.reduce((best, object) => (fieldsIn(object, schema) >= fieldsIn(best, schema) ? object : best));

/** `{ "movie": { … } }`, `[ { … } ]` and `"{ … }"` are what is in them; `null`: no object is. */
function unwrapped(value: unknown, schema: Schema, depth = 0): Fields | null {
  if (depth > MOST_WRAPPINGS) return null;
  if (typeof value === 'string') return bestIn(jsonIn(value), schema, depth);
  if (Array.isArray(value)) return bestIn(value.filter(isWrapping), schema, depth);
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  const known = Object.keys(schema.properties ?? {});
  const boxes = Object.entries(fields).filter(([name, box]) => !known.includes(name) && isWrapping(box));
  const inner = bestIn(
    boxes.map(([, box]) => box),
    schema,
    depth,
  );
  return inner !== null && fieldsIn(inner, schema) > fieldsIn(fields, schema) ? inner : fields;
}

function bestIn(values: unknown[], schema: Schema, depth: number): Fields | null {
  let strings = 0;
  const read = values.filter((value) => typeof value !== 'string' || ++strings <= MOST_STRINGS);
  const objects = read.map((value) => unwrapped(value, schema, depth + 1)).filter((value) => value !== null);
  return objects.length === 0 ? null : bestOf(objects, schema);
}

const isWrapping = (value: unknown) =>
  (typeof value === 'object' && value !== null) || (typeof value === 'string' && /^\s*[[{]/.test(value));
