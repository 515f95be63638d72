import { assembled } from './event-stream.js';

/** What a server sent for a call, whatever its form. */
export interface Completion {
  /** Where the answer may be, the most likely place first; texts, or objects that were parsed already. */
  said: unknown[];
  /** Why the model stopped. */
  end: 'stop' | 'cut' | 'filtered' | 'refused' | 'broken';
  model: unknown;
  inputTokens: unknown;
  outputTokens: unknown;
  /** An error told with a good status; `null`: none. */
  error: { status: number | null; body: unknown } | null;
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});
const firstOf = (value: unknown): Fields => fieldsOf(Array.isArray(value) ? value[0] : value);

/**
 * Reads a body by what it is, since its content type is often wrong. It is an object, one in a list or in a string, or
 * an event stream that nobody asked for.
 * @returns `null`: it is none of these, or only a part of one
 */
export function completionIn(text: string): Completion | null {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  const isStream = /^(?:data|event|id|:)/.test(trimmed);
  const body = isStream ? assembled(trimmed) : parsed(trimmed);
  return body === undefined ? null : completionOf(firstOf(body));
}

/** @returns `undefined`: no JSON */
function parsed(text: string): unknown {
  try {
    const body = JSON.parse(text) as unknown;
    return typeof body === 'string' ? (JSON.parse(body) as unknown) : body;
  } catch {
    return undefined;
  }
}

function completionOf(body: Fields): Completion {
  const choice = firstOf(body.choices);
  const message = fieldsOf(choice.message ?? body.message);
  const usage = fieldsOf(body.usage);
  return {
    said: saidIn(message, choice),
    end: endOf(choice, message),
    model: body.model,
    inputTokens: usage.prompt_tokens ?? usage.input_tokens,
    outputTokens: usage.completion_tokens ?? usage.output_tokens,
    error: errorIn(body, choice),
  };
}

const isSomething = (value: unknown) => (typeof value === 'string' ? value.trim() !== '' : isObject(value));

/** What a model thought counts only where it said nothing. */
function saidIn(message: Fields, choice: Fields): unknown[] {
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  const called = [...calls.map((call) => fieldsOf(call).function), message.function_call];
  const parts = called.map((one) => fieldsOf(one).arguments);
  const spoken = [textIn(message.content), message.parsed, ...parts, choice.text].filter(isSomething);
  return spoken.length > 0 ? spoken : [message.reasoning_content, message.reasoning].filter(isSomething);
}

/** Of a list of parts the text, without what was thought. */
function textIn(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const texts = content.map((part) => {
    if (typeof part === 'string') return part;
    const { type, text } = fieldsOf(part);
    return typeof text === 'string' && !/think|reason/i.test(String(type)) ? text : '';
  });
  return texts.join('');
}

function endOf(choice: Fields, message: Fields): Completion['end'] {
  const told = `${asWord(choice.finish_reason)} ${asWord(choice.native_finish_reason)}`;
  if (/content_?filter|safety|prohibited|blocklist|\bspii\b|sensitive/i.test(told)) return 'filtered';
  if (/refusal/i.test(told) || refuses(message)) return 'refused';
  if (/\berror\b|abort|insufficient_system_resource/i.test(told)) return 'broken';
  return /length|max_?tokens/i.test(told) ? 'cut' : 'stop';
}

const asWord = (value: unknown) => (typeof value === 'string' ? value : '');

function refuses({ refusal, content }: Fields): boolean {
  const parts = Array.isArray(content) ? content : [];
  return isSomething(refusal) || parts.some((part) => isSomething(fieldsOf(part).refusal));
}

/** An error may stand beside the choices, in one of them, or instead of all. */
function errorIn(body: Fields, choice: Fields): Completion['error'] {
  const told = [body.error, choice.error].find(isSomething);
  if (told !== undefined) return { status: statusIn(told) ?? statusIn(body), body: told };
  const isAlone = body.choices === undefined && body.message !== undefined && !isObject(body.message);
  const isError = body.object === 'error' || isAlone || (body.choices === undefined && isSomething(body.detail));
  return isError ? { status: statusIn(body), body } : null;
}

/** A number that is a status, also as text. */
function statusIn(error: unknown): number | null {
  const { code, status, status_code } = fieldsOf(error);
  const numbers = [code, status, status_code].map(Number);
  return numbers.find((number) => Number.isInteger(number) && number >= 400 && number < 600) ?? null;
}
