type Schema = Record<string, unknown> & { properties?: Record<string, unknown>; required?: string[] };

/** Fewer fields in common are a chance, not a relation. */
const LEAST_FIELDS = 3;

/**
 * An answer that has all fields of a smaller one names it, instead of repeating them: a film is its summary and more.
 * @returns the schemas anew
 */
export function extended(schemas: Record<string, Schema>, isAnswer: (name: string) => boolean): Record<string, Schema> {
  const answers = Object.entries(schemas).filter(([name]) => isAnswer(name));
  const entries = Object.entries(schemas).map(([name, schema]) => {
    if (!isAnswer(name)) return [name, schema] as const;
    const [base] = answers
      .filter(([other, smaller]) => other !== name && isPartOf(smaller, schema))
      .sort(([, one], [, other]) => namesOf(other).length - namesOf(one).length);
    return [name, base ? beyond(base, schema) : schema] as const;
  });
  return Object.fromEntries(entries);
}

const namesOf = ({ properties = {} }: Schema) => Object.keys(properties);

function isPartOf(smaller: Schema, { properties = {}, required = [] }: Schema): boolean {
  const names = namesOf(smaller);
  if (names.length < LEAST_FIELDS || names.length >= Object.keys(properties).length) return false;
  return names.every(
    (name) =>
      JSON.stringify(properties[name]) === JSON.stringify(smaller.properties![name]) &&
      required.includes(name) === smaller.required?.includes(name),
  );
}

function beyond([name, base]: [string, Schema], { properties = {}, required = [], ...others }: Schema): Schema {
  const isNew = (field: string) => !(field in base.properties!);
  const own = Object.entries(properties).filter(([field]) => isNew(field));
  const needed = required.filter(isNew);
  const rest = {
    type: 'object',
    properties: Object.fromEntries(own),
    ...(needed.length > 0 && { required: needed }), // an empty list is no list to OpenAPI 3.0
  };
  return { ...others, allOf: [{ $ref: `#/components/schemas/${name}` }, rest] };
}
