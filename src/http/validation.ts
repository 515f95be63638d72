import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { gatheringOf, readQuickly } from './field-rules.js';
import { ENTRIES, gathered } from './metadata-field.js';
import { type FieldError, malformed, pointerTo, unprocessable } from './problem.js';

/** Names that every object inherits: class-transformer ignores fields of these names instead of refusing them. */
const INHERITED = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

class RequestValidation extends ValidationPipe {
  override async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const value = metadata.type === 'query' ? together(given, metadata.metatype as new () => object) : given;
    if (metadata.type === 'body' && (value === undefined || value === null)) {
      throw malformed('The body is empty; send a JSON object.');
    }
    const { metatype, type } = metadata;
    const isGiven = metatype && typeof value === 'object' && value !== null && ['body', 'query'].includes(type);
    const quick = isGiven && readQuickly(metatype as new () => object, value);
    if (quick) return quick;
    const errors = ['body', 'query'].includes(type) ? inheritedNames(value, '') : [];
    if (errors.length > 0) throw unprocessable(errors);
    return super.transform(value, metadata);
  }
}

/** Checks every body and query against its class: unknown fields are refused, every wrong field is named. */
export const validation = () =>
  new RequestValidation({
    transform: true,
    // A missing field keeps its default, and so does a field that is null.
    transformOptions: { exposeUnsetFields: false },
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => unprocessable(errors.flatMap((error) => fieldErrors(error, ''))),
  });

/** What a query gives name by name, as one object. */
function together(query: unknown, type: (new () => object) | undefined): unknown {
  const fields = type && typeof query === 'object' && query !== null ? gatheringOf(type) : [];
  return fields.length > 0 ? gathered(query as Record<string, unknown>, fields) : query;
}

/** Finds such names in an object and in all that is in it. */
function inheritedNames(value: unknown, parent: string): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const pointer = `${parent}/${name}`;
    if (INHERITED.has(name)) return { pointer, detail: 'is not a known field' };
    return inheritedNames(child, pointer);
  });
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = parent + pointerTo(error.property ?? '');
  // Each item of a list reports its own errors.
  const rules = Object.entries(error.constraints ?? {}).filter(([rule]) => rule !== 'nestedValidation');
  const own = rules.flatMap(([rule, message]): FieldError[] => {
    if (rule === ENTRIES)
      return (JSON.parse(message) as FieldError[]).map((one) => ({ ...one, pointer: pointer + one.pointer }));
    return [{ pointer, detail: rule === 'whitelistValidation' ? 'is not a known field' : message }];
  });
  // If a field itself is wrong, the errors of its parts are left out.
  if (own.length > 0) return own;
  return (error.children ?? []).flatMap((child) => fieldErrors(child, pointer));
}
