import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { validate as isUuid } from 'uuid';
import { declare, type WhyNot } from './field-rules.js';

/**
 * Rule and documentation of a field in one decorator. `required` is true by default. An optional field may also be
 * `null`, with the same meaning, because many generated clients send it. openapi.ts documents that.
 */
interface Field {
  description: string;
  example?: unknown;
  /** `false`: the field is optional. A function: the field is required when it returns true for the whole request. */
  required?: boolean | ((request: object) => boolean);
  /** `null` is a value of its own, and says that it is not known. */
  nullable?: true;
}

function documented(field: Field, options: ApiPropertyOptions, ...rules: PropertyDecorator[]) {
  const { description, example, required = true, nullable = false } = field;
  const presence = typeof required === 'function' ? required : () => required;
  const api = required === true ? ApiProperty : ApiPropertyOptional;
  return applyDecorators(
    api({
      description,
      ...(example !== undefined && { example }),
      // Of optional fields openapi.ts documents it.
      ...(required === true && nullable && { nullable }),
      ...options,
    }),
    ...(required === true || nullable ? [] : [Transform(({ value }): unknown => value ?? undefined)]),
    ValidateIf((request: object, value) => !(nullable && value === null) && (value !== undefined || presence(request))),
    declare({ isRequired: presence, isNullable: nullable }),
    ...rules,
  );
}

/**
 * Characters that no title or name contains: control, format and private-use characters, line separators, unpaired
 * surrogates and noncharacters. Bidi marks are format characters. The two joiners are allowed: Indic and Persian
 * spelling needs them.
 */
const FORBIDDEN = /[\p{Cc}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?![\u200c\u200d])\p{Cf}/u;
/** Invisible characters, some of which count as letters or signs: the Hangul filler, the blank of Braille. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Signs count as visible, because some titles are signs only: `?` is a film of 2011, `$` one of 1971. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Whether the text has one of these. */
export const isForbidden = (text: string) => FORBIDDEN.test(text);

/** Whether the text has a visible character, other than spaces. */
export const isVisible = (text: string) => VISIBLE.test(text.replace(INVISIBLE, ''));

/**
 * Why a text cannot be a title or a name; `null`: it can. Words of SQL and HTML are allowed. Statements are
 * parameterised, answers are JSON, and there is a series named `</Scorpion>`.
 */
export function whyNotText(value: unknown, min: number, max: number): string | null {
  if (typeof value !== 'string') return 'must be a string';
  const length = [...value].length;
  if (length < min || length > max) return `must be ${min}..${max} characters long`;
  if (isForbidden(value)) return 'must not contain control or formatting characters';
  return isVisible(value) ? null : 'must contain something to see';
}

/** Most UTF-16 units of one character before composition: a Greek vowel and its three marks. */
const UNITS = 4;
/**
 * Unicode NFC. Its time grows with the square of the number of marks in a row, so a text that is too long anyway is not
 * composed.
 */
const composed = (text: string, max: number) => (text.length > UNITS * max ? text : text.normalize('NFC'));

/**
 * A title or a name in any script; trimmed, in Unicode NFC, its length counted in code points.
 * @param field.missing the error when it is required and not given
 */
export function TextField(field: Field & { min: number; max: number; missing: string }) {
  const { min, max, missing } = field;
  return documented(
    field,
    { type: String, minLength: min, maxLength: max },
    Reading((value) => trimmed(value, max)),
    Rule('text', (value) => (value === undefined ? missing : whyNotText(value, min, max))),
  );
}

/** Control characters that end no line, and what is no character at all: PostgreSQL cannot keep some of it in JSON. */
const NO_TEXT = /(?![\t\r\n])\p{Cc}|[\p{Cs}\p{Noncharacter_Code_Point}]/gu;

/** A text of several lines. What no text contains is taken out of it, and not refused. */
export function ProseField(field: Field & { max: number }) {
  const { max } = field;
  return documented(
    field,
    { type: String, minLength: 1, maxLength: max },
    Reading((value) => (typeof value === 'string' ? value.replace(NO_TEXT, '') : value)),
    Rule('prose', (value) => {
      if (typeof value !== 'string') return 'must be a string';
      const length = [...value].length;
      if (length < 1 || length > max) return `must be 1..${max} characters long`;
      return isVisible(value) ? null : 'must contain something to see';
    }),
  );
}

/** A list of names, each once. @param field.longest characters of one */
export function NamesField(field: Field & { max: number; longest: number; whyNot?: (name: string) => string | null }) {
  const { max, longest, whyNot = () => null } = field;
  return documented(
    field,
    { type: 'array', items: { type: 'string', minLength: 1, maxLength: longest }, maxItems: max },
    Reading((value) => (Array.isArray(value) ? value.map((name) => trimmed(name, longest)) : value)),
    Rule('names', (value) => {
      if (!Array.isArray(value) || value.length > max) return `must be a list of at most ${max}`;
      const wrong = value.map((name) => whyNotText(name, 1, longest) ?? whyNot(name as string));
      return wrong.find((why) => why !== null) ?? null;
    }),
  );
}

/** As a text is read, before it is judged. */
export const trimmed = (value: unknown, max: number): unknown =>
  typeof value === 'string' ? composed(value.trim(), max) : value;

export const SLUG_PATTERN = '^[a-z0-9]+(-[a-z0-9]+)*$';

export function SlugField(field: Field) {
  return documented(
    field,
    { type: String, pattern: SLUG_PATTERN, minLength: 3, maxLength: 255 },
    Rule('slug', whyNotSlug),
  );
}

export function whyNotSlug(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a string';
  if (value.length < 3 || value.length > 255) return 'must be 3..255 characters long';
  return new RegExp(SLUG_PATTERN).test(value) ? null : 'must be lower-case words of a-z and 0-9 joined by hyphens';
}

interface IntegerRule extends Field {
  min: number;
  /**
   * A function: a bound that depends on the time. Every check calls it; the documentation shows its value at the start.
   */
  max: number | (() => number);
  /** The value comes as text of a query and is read as a number. */
  query?: boolean;
  default?: number;
}

export function IntegerField(field: IntegerRule) {
  const { min, query } = field;
  const max = typeof field.max === 'function' ? field.max : () => field.max as number;
  const rule = Rule('range', (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max()
      ? null
      : `must be an integer ${min}..${max()}`,
  );
  const read = query
    ? [Reading((value) => (typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value))]
    : [];
  return documented(field, { type: 'integer', minimum: min, maximum: max(), default: field.default }, ...read, rule);
}

/** `true` or `false` in a query string. */
export function FlagField(field: Field & { default: boolean }) {
  return documented(
    field,
    { type: Boolean, default: field.default },
    Reading((value) => (value === 'true' ? true : value === 'false' ? false : value)),
    Rule('flag', (value) => (typeof value === 'boolean' ? null : 'must be true or false')),
  );
}

/** The same in a body. */
export function SwitchField(field: Field & { default: boolean }) {
  return documented(
    field,
    { type: Boolean, default: field.default },
    Rule('switch', (value) => (typeof value === 'boolean' ? null : 'must be true or false')),
  );
}

/** A text of a fixed form. `form` says in words what that is. */
export function FormField(field: Field & { pattern: string; min: number; max: number; form: string }) {
  const { pattern, min, max, form } = field;
  return documented(
    field,
    { type: String, pattern, minLength: min, maxLength: max },
    Rule('form', (value) => (typeof value === 'string' && new RegExp(pattern).test(value) ? null : `must be ${form}`)),
  );
}

/** An object that has rules of its own. */
export function ObjectField(field: Field & { of: () => new () => object }) {
  const { of } = field;
  return documented(
    field,
    { type: () => of() },
    Type(of),
    ValidateNested(),
    declare({ hasParts: true }),
    Rule('object', (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'must be an object',
    ),
  );
}

export function WordField(field: Field & { words: readonly string[]; default?: string }) {
  const { words } = field;
  return documented(
    field,
    { enum: [...words], default: field.default },
    Rule('word', (value) => (words.includes(value as string) ? null : `must be one of ${words.join(', ')}`)),
  );
}

/** RFC 3339 with an existing date; or an age: 30m, 12h, 7d. */
const MOMENT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const AGE = /^(\d{1,4})([mhd])$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A point in time, given as a time or as an age; read as a Date. */
export function MomentField(field: Field) {
  return documented(
    field,
    { type: String, minLength: 2, maxLength: 35, pattern: `${MOMENT.source}|${AGE.source}` },
    Reading((value) => momentOf(value) ?? value),
    Rule('moment', (value) =>
      value instanceof Date ? null : 'must be a time like 2026-11-23T10:00:00Z or an age like 30m, 12h, 7d',
    ),
  );
}

function momentOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const [, amount, unit] = AGE.exec(value) ?? [];
  if (unit) return new Date(Date.now() - Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS]);
  const day = MOMENT.exec(value)?.[1];
  const exists = day && Number.isFinite(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return exists && Number.isFinite(Date.parse(value)) ? new Date(value) : null;
}

/** PostgreSQL knows no year 0; the days of nobody here are older than the year 1000. */
const DAY = /^[1-9]\d{3}-\d\d-\d\d$/;

/** A day of UTC. */
export function DayField(field: Field) {
  return documented(
    field,
    { type: String, format: 'date', pattern: DAY.source, maxLength: 10 },
    Rule('day', (value) => {
      const isDay = typeof value === 'string' && DAY.test(value) && Number.isFinite(Date.parse(value));
      return isDay && new Date(value).toISOString().startsWith(value) ? null : 'must be a day like 2026-11-23';
    }),
  );
}

/** A URL to send to. `whyNot` adds the sender's own rules. */
export function UrlField(field: Field & { max: number }, whyNot: (value: unknown) => string | null) {
  return documented(field, { type: String, format: 'uri', maxLength: field.max }, Rule('url', whyNot));
}

/** A list of different words. */
export function WordsField(field: Field & { words: readonly string[]; default?: string[] }) {
  const { words } = field;
  return documented(
    field,
    {
      type: 'array',
      items: { type: 'string', enum: [...words] },
      minItems: 1,
      maxItems: words.length,
      uniqueItems: true,
      default: field.default,
    },
    Rule('words', (value) => {
      const fits = Array.isArray(value) && value.length > 0 && value.every((word: string) => words.includes(word));
      if (!fits) return `must be a list of ${words.join(', ')}`;
      return new Set(value).size === value.length ? null : 'must not name a word twice';
    }),
  );
}

/** A list of ids. */
export function IdsField(field: Field & { max: number }) {
  const { max } = field;
  return documented(
    field,
    { type: 'array', items: { type: 'string', format: 'uuid' }, minItems: 1, maxItems: max },
    Rule('ids', (value) => {
      if (!Array.isArray(value) || value.length < 1 || value.length > max) return `must be a list of 1..${max} ids`;
      return value.every(isUuid) ? null : 'must contain UUIDs only';
    }),
  );
}

/** A list of objects that have rules of their own. */
export function ItemsField(field: Field & { of: () => new () => object; min?: number; max: number }) {
  const { of, min = 1, max } = field;
  return documented(
    field,
    { type: () => [of()], minItems: min, maxItems: max },
    Type(of),
    ValidateNested({ each: true }),
    declare({ hasParts: true }),
    Rule('items', (value) => {
      if (!Array.isArray(value) || value.length < min || value.length > max)
        return `must be a list of ${min}..${max} objects`;
      const wrong = value.findIndex((item) => typeof item !== 'object' || item === null || Array.isArray(item));
      return wrong < 0 ? null : `must be a list of objects; item ${wrong} is none`;
    }),
  );
}

/** A list in a query string, joined by commas. @param field.longest characters of an item; `item` is its pattern */
export function ListField(field: Field & { max: number; longest: number; item: string; whyNot: WhyNot }) {
  const { max, longest, item, whyNot } = field;
  return documented(
    field,
    { type: String, minLength: 3, maxLength: max * (longest + 1), pattern: `^${item}(,${item})*$` },
    Reading((value) => (typeof value === 'string' ? value.split(',') : value)),
    Rule('list', (value) => {
      if (!Array.isArray(value) || value.length > max) return `must be a list of 1..${max}, joined by commas`;
      return value.map(whyNot).find((why) => why !== null) ?? null;
    }),
  );
}

/** A free search text in a query string. */
export function QueryField(field: Field & { max: number }) {
  return documented(
    field,
    { type: String, minLength: 1, maxLength: field.max },
    Rule('query', (value) => whyNotText(value, 1, field.max)),
  );
}

/** The place where a list continues; opaque to the client. `whyNot` knows its content. */
export function CursorField(field: Field & { max: number }, whyNot: (cursor: unknown) => string | null) {
  const limits = { minLength: 1, maxLength: field.max, pattern: '^[A-Za-z0-9_-]+$' };
  return documented(field, { type: String, ...limits }, Rule('cursor', whyNot));
}

/** What a field's value is made of before it is checked. */
function Reading(read: (value: unknown) => unknown) {
  return applyDecorators(
    Transform(({ value }) => read(value)),
    declare({ read }),
  );
}

/** Makes a class-validator rule of a function that says why a value is wrong. */
function Rule(name: string, whyNot: WhyNot) {
  const rule = ValidateBy({
    name,
    validator: {
      validate: (value) => whyNot(value) === null,
      defaultMessage: (args) => whyNot(args?.value) ?? 'is invalid',
    },
  });
  return applyDecorators(rule, declare({ whyNot }));
}
