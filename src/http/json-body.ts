import { visit } from 'jsonc-parser';
import { malformed, pointerTo, ProblemException, unprocessable } from './problem.js';

/** Deepest nesting; more than any request has. It protects recursive readers of the value. */
const MAX_DEPTH = 20;
/** Fields of one object, known or not: the largest request has nine. */
const MAX_FIELDS = 32;
/** Entries of one list: the longest that a route accepts. */
const MAX_ENTRIES = 1000;
/** Longest text that is looked at as a plain object first, characters. */
const PLAIN = 4096;
/** Values of a whole body, with objects and lists: 500 items with every field, and 16 notes each, have 16000. */
const MAX_VALUES = 20_000;

/**
 * Strict JSON: only UTF-8, no key twice (parsers disagree on which one counts), no deep nesting, and bounded numbers of
 * names and values. It counts these while it reads, because validation takes time for each.
 * @returns `undefined` for an empty body: the route decides whether it needs one
 * @throws ProblemException 400 that says what is wrong, 422 when the JSON is no object or has too many parts
 */
export function parseJsonBody(body: Buffer): object | undefined {
  const text = decode(body);
  if (text.trim() === '') return undefined;
  const plain = text.length <= PLAIN && plainObject(text);
  if (plain) return plain;
  inspect(text);
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unprocessable([{ pointer: '', detail: 'must be a JSON object' }]);
}

/**
 * What most clients send: an object of texts and numbers, written as `JSON.stringify` does. Then it has no key twice
 * and no nesting. `null`: it may still be right.
 */
function plainObject(text: string): object | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const parts: unknown[] = Object.values(value);
  const isFlat = parts.length <= MAX_FIELDS && parts.every((part) => typeof part !== 'object' || part === null);
  return isFlat && JSON.stringify(value) === text ? value : null;
}

/** Refuses a compressed body. @throws ProblemException 415 */
export function refusePacked(encoding: string | undefined): void {
  if (!/^(identity)?$/i.test(encoding ?? ''))
    throw new ProblemException(415, 'media-type', 'Send the body as it is, without a Content-Encoding.');
}

/** Parameters of a media type: names, and values that may be in quotes (RFC 9110). */
const PARAMETER = /;\s*([^\s=;"]+)=("(?:[^"\\]|\\.)*"|[^\s;"]*)/g;

/**
 * JSON is UTF-8 and defines no parameters (RFC 8259). So parameters are ignored, except for a charset other than UTF-8.
 * @throws ProblemException 415
 */
export function refuseCharset(contentType: string | undefined): void {
  for (const [, name, value] of (contentType ?? '').matchAll(PARAMETER)) {
    const charset = value!.replaceAll(/^"|"$/g, '');
    if (name!.toLowerCase() !== 'charset' || /^utf-?8$/i.test(charset)) continue;
    throw new ProblemException(415, 'media-type', 'Send the body in UTF-8; no other charset is read.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text around the error; that text belongs to the client and is not repeated.
    const where = /at position \d+|line \d+ column \d+/.exec((error as Error).message)?.[0] ?? 'at its end';
    throw malformed(`The body is not valid JSON, ${where}.`);
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function decode(body: Buffer): string {
  try {
    return UTF8.decode(body);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
}

/** An object or a list that is being read. */
interface Open {
  keys: Set<string>;
  entries: number;
}

/** Reads the text once, keeps nothing of it, and stops at the first error. */
function inspect(text: string): void {
  const open: Open[] = [];
  let values = 0;
  const value = (path: () => Path) => {
    if (++values > MAX_VALUES) throw unprocessable([{ pointer: '', detail: `has more than ${MAX_VALUES} values` }]);
    const around = open.at(-1);
    if (around && ++around.entries > MAX_ENTRIES) throw tooMany(path().slice(0, -1), `${MAX_ENTRIES} entries`);
  };
  const begin = (path: () => Path) => {
    value(path);
    if (open.length === MAX_DEPTH) throw malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`);
    open.push({ keys: new Set(), entries: 0 });
  };
  const end = () => void open.pop();
  visit(
    text,
    {
      onObjectBegin: (_offset, _length, _line, _column, path) => begin(path),
      onObjectEnd: end,
      onArrayBegin: (_offset, _length, _line, _column, path) => begin(path),
      onArrayEnd: end,
      onLiteralValue: (_value, _offset, _length, _line, _column, path) => value(path),
      onObjectProperty: (key, _offset, _length, _line, _column, path) => addKey(open.at(-1)!.keys, key, path),
      onError: (_error, offset) => {
        throw malformed(
          `The body is not valid JSON, ${offset < text.length ? `at position ${offset}` : 'at its end'}.`,
        );
      },
    },
    { disallowComments: true },
  );
}

type Path = (string | number)[];

function addKey(keys: Set<string>, key: string, path: () => Path): void {
  if (keys.has(key)) throw malformed(`The body has the key ${JSON.stringify(key.slice(0, 50))} twice.`);
  if (key === '__proto__') throw malformed('The body has the key "__proto__".');
  if (keys.add(key).size > MAX_FIELDS) throw tooMany(path(), `${MAX_FIELDS} fields`);
}

const tooMany = (path: Path, most: string) =>
  unprocessable([{ pointer: path.map((part) => pointerTo(String(part))).join(''), detail: `has more than ${most}` }]);
