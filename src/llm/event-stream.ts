type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** Parts of a message that come piece by piece. */
const TEXTS = ['content', 'reasoning_content', 'reasoning', 'refusal'] as const;

/**
 * A completion made of the events of a stream, as if none had been streamed.
 * @returns `undefined`: the stream breaks off, or says nothing that can be read
 */
export function assembled(stream: string): Fields | undefined {
  const lines = stream.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  const events = lines.map((line) => eventIn(line.slice('data:'.length).trim()));
  const bodies = events.filter((event) => typeof event === 'object');
  const failed = bodies.find(({ error }) => Boolean(error));
  if (failed) return failed;
  const choices = bodies.map(({ choices }) => fieldsOf(Array.isArray(choices) ? choices[0] : undefined));
  const end = choices.findLast(({ finish_reason }) => Boolean(finish_reason));
  if (!end && !events.includes('[DONE]')) return undefined;
  const { model } = bodies.find((body) => body.model) ?? {};
  const { usage } = bodies.findLast((body) => body.usage) ?? {};
  return { model, usage, choices: [{ message: messageOf(choices), finish_reason: end?.finish_reason }] };
}

function eventIn(text: string): Fields | '[DONE]' | undefined {
  if (text === '[DONE]') return text;
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function messageOf(choices: Fields[]): Fields {
  const pieces = choices.map(({ delta, message }) => fieldsOf(delta ?? message));
  const joined = TEXTS.map((name) => [name, pieces.map((piece) => textOf(piece[name])).join('')]);
  const called = pieces.map(({ tool_calls }) => fieldsOf(Array.isArray(tool_calls) ? tool_calls[0] : undefined));
  const given = called.map((call) => textOf(fieldsOf(call.function).arguments)).join('');
  return { ...Object.fromEntries(joined), tool_calls: [{ function: { arguments: given } }] } as Fields;
}
