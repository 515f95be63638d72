import type { ChatCompletionCreateParamsNonStreaming as Request } from 'openai/resources/chat/completions';
import { escaped } from './data-block.js';
import type { Schema } from './fitted.js';
import type { Ask } from './llm.js';

/** How the form of an answer is asked for, the strictest first. Source: the contract. */
const FORMS = ['strict', 'schema', 'object', 'text'] as const;

/** One way of asking a server. Every server knows the last one: plain text, in the words of one user. */
export interface Way {
  form: (typeof FORMS)[number];
  /** Whether what instructs is a message of its own. */
  hasSystemRole: boolean;
}

export const STRICTEST: Way = { form: 'strict', hasSystemRole: true };

/** The next way, after a server did not know a part of one; `null`: there is none. */
export function simpler({ form, hasSystemRole }: Way, lacksSystemRole: boolean): Way | null {
  if (lacksSystemRole && hasSystemRole) return { form, hasSystemRole: false };
  const next = FORMS[FORMS.indexOf(form) + 1];
  if (next) return { form: next, hasSystemRole };
  return hasSystemRole ? { form, hasSystemRole: false } : null;
}

/** What is sent: model, messages and the form. There is nothing else that a reasoning model could refuse. */
export function requestOf(model: string, ask: Ask, way: Way): Request {
  const format = formatOf(ask, way);
  return { model, messages: messagesOf(ask, way), ...(format && { response_format: format }) };
}

function formatOf({ name, schema }: Ask, { form }: Way): Request['response_format'] | undefined {
  if (form === 'strict') return { type: 'json_schema', json_schema: { name, strict: true, schema } };
  if (form === 'schema') return { type: 'json_schema', json_schema: { name, schema: plain(schema) } };
  return form === 'object' ? { type: 'json_object' } : undefined;
}

function messagesOf({ instructions, data, before, schema }: Ask, { form, hasSystemRole }: Way): Request['messages'] {
  const isTold = form === 'strict' || form === 'schema';
  const told = isTold ? instructions : `${instructions}\nIts JSON Schema: ${JSON.stringify(plain(schema))}`;
  const block = escaped(data);
  const further: Request['messages'] = before
    ? [
        { role: 'assistant', content: before.answer },
        { role: 'user', content: before.further },
      ]
    : [];
  if (!hasSystemRole) return [{ role: 'user', content: `${told}\n\n${block}` }, ...further];
  return [{ role: 'system', content: told }, { role: 'user', content: block }, ...further];
}

/**
 * A schema without unions and without what only strict mode knows. A field that may be `null` may be left out instead:
 * the reader puts the `null` back.
 */
export function plain(schema: Schema): Record<string, unknown> {
  const { type, enum: words, properties, items } = schema;
  const types = [type ?? []].flat().filter((one) => one !== 'null');
  const fields = Object.entries(properties ?? {});
  const required = fields.filter(([, part]) => ![part.type ?? []].flat().includes('null')).map(([name]) => name);
  return {
    type: types[0],
    ...(words && { enum: words }),
    ...(items && { items: plain(items) }),
    ...(properties && { properties: Object.fromEntries(fields.map(([name, part]) => [name, plain(part)])), required }),
  };
}

/** After this time a server is asked in the strictest way again: it may have learned, milliseconds. */
const REMEMBERED_MS = 24 * 3_600_000;

/** Which way a server took for a model, for a day, in this process. */
export class KnownWays {
  private readonly known = new Map<string, { way: Way; until: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  of(server: string, model: string): Way {
    const known = this.known.get(keyOf(server, model));
    return known && known.until > this.now() ? known.way : STRICTEST;
  }

  /** Keeps a way that was simpler than the strictest, and was answered. */
  took(server: string, model: string, way: Way): void {
    const key = keyOf(server, model);
    if (this.of(server, model) === way) return;
    this.known.set(key, { way, until: this.now() + REMEMBERED_MS });
  }
}

const keyOf = (server: string, model: string) => JSON.stringify([server, model]);
