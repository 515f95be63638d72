import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional, type ApiPropertyOptions, ApiQuery } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { LONGEST_NAME, LONGEST_TEXT, MAX_NAMES, NAME } from '../domain/metadata.js';
import { declare } from './field-rules.js';
import { isForbidden } from './fields.js';
import { type FieldError, pointerTo } from './problem.js';

/** The rule whose message is a list of errors: fields of this kind have parts whose names the client chooses. */
export const ENTRIES = 'entries';

const RIGHT_NAME = new RegExp(NAME);
export const tooManyNames = `must have at most ${MAX_NAMES} names`;

/** @returns what is wrong, with the place within the value; none: nothing */
export function faultsOfMetadata(value: unknown): FieldError[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ pointer: '', detail: 'must be an object of names and texts' }];
  const entries = Object.entries(value);
  if (entries.length > MAX_NAMES) return [{ pointer: '', detail: tooManyNames }];
  return entries.flatMap(([name, text]) => {
    const detail = whyNotName(name) ?? whyNotNote(text);
    return detail === null ? [] : [{ pointer: pointerTo(name), detail }];
  });
}

const whyNotName = (name: string) =>
  RIGHT_NAME.test(name) && !(name in {}) ? null : `is no name of 1..${LONGEST_NAME} characters A-Z a-z 0-9 _ . -`;

/** Lines may end in it. It is given back as it came, so nothing is trimmed or composed. */
function whyNotNote(text: unknown): string | null {
  if (typeof text !== 'string') return 'must be a string';
  if ([...text].length > LONGEST_TEXT) return `must be at most ${LONGEST_TEXT} characters long`;
  return isForbidden(text.replaceAll(/[\t\r\n]/g, ' ')) ? 'must not contain control or formatting characters' : null;
}

/** Its schema, once in the document. OpenAPI 3.0 has no word for the form of the names, so the description says it. */
export const METADATA_SCHEMA = {
  type: 'object' as const,
  description: `Ids and notes of the client. A name is 1..${LONGEST_NAME} of A-Z a-z 0-9 _ . -`,
  maxProperties: MAX_NAMES,
  additionalProperties: { type: 'string' as const, maxLength: LONGEST_TEXT },
  example: { order: '42' },
};

/** A property that is notes. */
export const metadataProperty = (description: string) =>
  ({ $ref: '#/components/schemas/Metadata', description }) as ApiPropertyOptions;

/** Notes of the client in a body. */
export function MetadataField(description: string) {
  return applyDecorators(ApiPropertyOptional(metadataProperty(description)), rulesOf());
}

/** Documents {@link MetadataQuery} at its route. */
export const ApiMetadataQuery = () =>
  ApiQuery({
    name: 'metadata',
    required: false,
    style: 'deepObject',
    explode: true,
    description:
      'What the key of the caller has noted: metadata.order=42, or metadata[order]=42. Of several all must fit',
    schema: { ...METADATA_SCHEMA, description: undefined },
  });

/** Notes to look for in a query, name by name. */
export const MetadataQuery = () => applyDecorators(declare({ gathers: true }), rulesOf());

function rulesOf() {
  return applyDecorators(
    // As it came: what class-transformer makes of an object without a class has lost some names.
    Transform(({ obj, key }) => (obj as Record<string, unknown>)[key] ?? undefined),
    ValidateIf((_, value) => value !== undefined),
    ValidateBy({
      name: ENTRIES,
      validator: {
        validate: (value) => faultsOfMetadata(value).length === 0,
        defaultMessage: (args) => JSON.stringify(faultsOfMetadata(args?.value)),
      },
    }),
    declare({ whyNot: (value) => (faultsOfMetadata(value).length === 0 ? null : ENTRIES) }),
  );
}

const [DOT, BRACKETS] = [(name: string) => `${name}.`, /^([^[]+)\[([^\]]*)\]$/];

/** Puts `field.name` and `field[name]` of a query together into `field`. A field that is given itself stays. */
export function gathered(query: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  const rest: [string, unknown][] = [];
  const found = new Map<string, [string, unknown][]>();
  for (const [key, value] of Object.entries(query)) {
    const field = fields.find((one) => key.startsWith(DOT(one)) || BRACKETS.exec(key)?.[1] === one);
    if (field === undefined || field in query) rest.push([key, value]);
    else
      found.set(field, [...(found.get(field) ?? []), [BRACKETS.exec(key)?.[2] ?? key.slice(DOT(field).length), value]]);
  }
  // Of two spellings of one name neither counts.
  const objects = [...found].map(([field, entries]) => {
    const names = entries.map(([name]) => name);
    const once = entries.map(([name, value]) => [name, names.indexOf(name) < names.lastIndexOf(name) ? names : value]);
    return [field, Object.fromEntries(once)] as const;
  });
  return Object.fromEntries([...rest, ...objects]);
}
