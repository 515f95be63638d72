import { Ajv } from 'ajv';

const ajv = new Ajv({ allowUnionTypes: true });

/** Why an answer does not fit the schema that it was asked for; `null`: it fits. */
export function whyNot(schema: object, output: unknown): string | null {
  // Compiled once a schema: Ajv keeps what it compiled by the object's identity.
  const fits = ajv.compile(schema);
  if (fits(output)) return null;
  const [error] = fits.errors ?? [];
  return `The model's answer does not fit: ${error?.instancePath || '/'} ${error?.message}.`;
}
