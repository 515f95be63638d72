import { jsonrepair } from 'jsonrepair';

/** Parts of a text that may be the object, at most; those that come last count. */
const MOST_PARTS = 12;
/** Longest text that is repaired, characters. An answer has some 2000 to 8000. */
const MOST_REPAIRED = 16_000;
/**
 * Most work of a repair: characters by signs that may open or end something. At each sign the library may go through
 * all of the text. 16 000 characters of `{"a":"x\n` come to 128 million, and took 0.3 seconds; 48 000 took 3.
 * An answer of 8000 characters has some 350 signs, and so 2.8 million.
 */
const MOST_REPAIR_WORK = 6_000_000;
/** Openings of an object that is never closed, from which the search begins again, at most. */
const MOST_UNCLOSED = 6;

/**
 * What a model's text holds as JSON, in the order of the text. The text itself, else what stands in fences, and what
 * stands between braces. A mistake in spelling is repaired; what was cut off is not made up.
 * @param isCut the model was stopped: an object that is not closed is no answer
 */
export function jsonIn(text: string, isCut = false): unknown[] {
  const whole = parsed(text.trim());
  if (whole !== undefined) return [whole];
  const found = [withoutThoughts(text), text].map((said) => inParts(said, isCut));
  return found.find((values) => values.length > 0) ?? [];
}

function inParts(text: string, isCut: boolean): unknown[] {
  const parts = spansIn(text.trimEnd(), isCut).slice(-MOST_PARTS);
  return parts.map((part) => parsed(part) ?? unescaped(part) ?? repaired(part)).filter((value) => value !== undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What is escaped like a string, without the string around it. */
const unescaped = (text: string) => (/^[[{](?:\s|\\n)*\\"/.test(text) ? parsed(`"${text}"`) : undefined);

/** An opening brace alone would become an object; it is the beginning of one, and no more. */
function repaired(text: string): unknown {
  if (!isRepairable(text)) return undefined;
  try {
    const value = JSON.parse(jsonrepair(text)) as object | null;
    return value !== null && Object.keys(value).length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What opens an object or a list, what the library takes for quotation marks, and the beginning of one as HTML. */
const SIGNS = /[{["'`´‘’“”&]/g;

/** Whether a repair takes no more than some 0.1 seconds. */
export const isRepairable = (text: string) =>
  text.length <= MOST_REPAIRED && text.length * (text.match(SIGNS)?.length ?? 0) <= MOST_REPAIR_WORK;

/** The last end of what a reasoning model says before it answers: of a tag, of brackets, or of a channel. */
const THOUGHTS_END = new RegExp(
  '^[\\s\\S]*(?:</(?:think(?:ing)?|thoughts?|reasoning|reflection|seed:think)>' +
    '|\\[/THINK\\]|◁/think▷|final<\\|message\\|>|<\\|end\\|>)',
  'i',
);

/** What it says then. */
export const withoutThoughts = (text: string) => text.replace(THOUGHTS_END, '');

/**
 * What stands between a brace or bracket and the one that closes it.
 * @param text without space at its end
 */
function spansIn(text: string, isCut: boolean): string[] {
  const spans: string[] = [];
  const end = withoutFence(text);
  // A quotation mark too many hides the end from whoever counts them.
  const endsClosed = end.endsWith('}') || end.endsWith(']');
  let unclosed = 0;
  for (let at = opening(text, 0); at >= 0; at = opening(text, at)) {
    const span = spanFrom(text, at);
    if (span.isClosed) spans.push(text.slice(at, span.end));
    else if (isCut || ++unclosed > MOST_UNCLOSED) return spans;
    else if (!span.isInText || endsClosed) spans.push(end.slice(at));
    at = span.isClosed ? span.end : at + 1;
  }
  return spans;
}

const FENCE = '```';
const withoutFence = (text: string) => (text.endsWith(FENCE) ? text.slice(0, -FENCE.length).trimEnd() : text);

function opening(text: string, from: number): number {
  const at = text.slice(from).search(/[{[]/);
  return at < 0 ? at : from + at;
}

function spanFrom(text: string, start: number) {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '\\') at++;
    else if (sign === '"') isInText = !isInText;
    else if (!isInText && (sign === '{' || sign === '[')) depth++;
    else if (!isInText && (sign === '}' || sign === ']') && --depth === 0)
      return { end: at + 1, isClosed: true, isInText };
  }
  return { end: text.length, isClosed: false, isInText };
}
