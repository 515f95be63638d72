import { jsonrepair } from 'jsonrepair';

/** Parts of a text that may be the object, at most; those that come last count. */
const MOST_PARTS = 12;
/** Longest text that is repaired, characters: the time grows faster than it. An answer has some 10 000. */
const MOST_REPAIRED = 50_000;
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
  const parts = spansIn(text, isCut).slice(-MOST_PARTS);
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
  if (text.length > MOST_REPAIRED) return undefined;
  try {
    const value = JSON.parse(jsonrepair(text)) as object | null;
    return value !== null && Object.keys(value).length > 0 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The last end of what a reasoning model says before it answers: of a tag, of brackets, or of a channel. */
const THOUGHTS_END = new RegExp(
  '^[\\s\\S]*(?:</(?:think(?:ing)?|thoughts?|reasoning|reflection|seed:think)>' +
    '|\\[/THINK\\]|◁/think▷|final<\\|message\\|>|<\\|end\\|>)',
  'i',
);

/** What it says then. */
export const withoutThoughts = (text: string) => text.replace(THOUGHTS_END, '');

/** What stands between a brace or bracket and the one that closes it. */
function spansIn(text: string, isCut: boolean): string[] {
  const spans: string[] = [];
  let unclosed = 0;
  for (let at = opening(text, 0); at >= 0; at = opening(text, at)) {
    const { end, isClosed, isInText } = spanFrom(text, at);
    if (isClosed) spans.push(text.slice(at, end));
    else if (isCut || ++unclosed > MOST_UNCLOSED) return spans;
    else if (!isInText || ENDS_CLOSED.test(text)) spans.push(text.slice(at).replace(FENCE_END, ''));
    at = isClosed ? end : at + 1;
  }
  return spans;
}

const FENCE_END = /\s*```\s*$/;
/** A quotation mark too many hides the end from whoever counts them. */
const ENDS_CLOSED = /[}\]]\s*(?:```\s*)?$/;

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
