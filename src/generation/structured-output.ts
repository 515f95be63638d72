import { Ajv } from 'ajv';

const ajv = new Ajv({ allowUnionTypes: true });

/** An answer without what is no text in these fields: they are never what makes it unfit. */
export function spared(output: unknown, fields: readonly string[]): unknown {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return output;
  const given = output as Record<string, unknown>;
  const odd = fields.filter((field) => typeof given[field] !== 'string');
  return odd.length === 0 ? output : { ...given, ...Object.fromEntries(odd.map((field) => [field, null])) };
}

/** Why an answer does not fit the schema that it was asked for; `null`: it fits. */
export function whyNot(schema: object, output: unknown): string | null {
  // Compiled once a schema: Ajv keeps what it compiled by the object's identity.
  const fits = ajv.compile(schema);
  if (fits(output)) return null;
  const [error] = fits.errors ?? [];
  return `The model's answer does not fit: ${error?.instancePath || '/'} ${error?.message}.`;
}
