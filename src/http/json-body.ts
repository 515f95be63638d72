import { visit } from 'jsonc-parser';
import { malformed, ProblemException, unprocessable } from './problem.js';

/** Deeper nesting than any request has; keeps recursive readers of the value safe. */
const MAX_DEPTH = 20;

/**
 * Strict JSON: UTF-8 without exception, no key twice (parsers disagree on which one counts), no nesting bombs.
 * @returns `undefined` for an empty body: whether there has to be one is the route's business
 * @throws ProblemException 400 that says what is wrong, 422 when it is JSON but no object.
 */
export function parseJsonBody(body: Buffer): object | undefined {
  const text = decode(body);
  if (text.trim() === '') return undefined;
  refuseDuplicateKeys(text);
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw unprocessable([{ pointer: '', detail: 'must be a JSON object' }]);
}

/** A body that would have to be unpacked first is none that is taken. @throws ProblemException 415 */
export function refusePacked(encoding: string | undefined): void {
  if (!/^(identity)?$/i.test(encoding ?? ''))
    throw new ProblemException(415, 'media-type', 'Send the body as it is, without a Content-Encoding.');
}

/** Parameters of a media type: names, and values that may be in quotes (RFC 9110). */
const PARAMETER = /;\s*([^\s=;"]+)=("(?:[^"\\]|\\.)*"|[^\s;"]*)/g;

/**
 * JSON is UTF-8 and has no other parameters (RFC 8259): those that are sent mean nothing, save a charset that is none.
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
    // V8 quotes the text around the fault; that part is the client's own and stays out of the answer.
    const where = /at position \d+|line \d+ column \d+/.exec((error as Error).message)?.[0] ?? 'at its end';
    throw malformed(`The body is not valid JSON, ${where}.`);
  }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
}

function refuseDuplicateKeys(text: string): void {
  const open: Set<string>[] = [];
  let depth = 0;
  const deeper = () => {
    if (++depth > MAX_DEPTH) throw malformed(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  };
  try {
    visit(text, {
      onObjectBegin: () => {
        deeper();
        open.push(new Set());
      },
      onObjectEnd: () => {
        depth--;
        open.pop();
      },
      onArrayBegin: deeper,
      onArrayEnd: () => void depth--,
      onObjectProperty: (key) => {
        const keys = open.at(-1);
        if (keys?.has(key)) throw malformed(`The body has the key ${JSON.stringify(key.slice(0, 50))} twice.`);
        if (key === '__proto__') throw malformed('The body has the key "__proto__".');
        keys?.add(key);
      },
    });
  } catch (error) {
    if (error instanceof ProblemException) throw error;
    throw malformed('The body is not valid JSON.');
  }
}
