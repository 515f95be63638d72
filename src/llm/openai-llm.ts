import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ChatCompletion } from 'openai/resources/chat/completions';
import type { Config } from '../config/config.js';
import { AnswerTooLong, cappedFetch } from '../http/capped-fetch.js';
import { childOf } from '../http/trace.js';
import type { CallUsage } from '../domain/usage.js';
import { GenerationFailure } from '../domain/failure.js';
import { type Answer, type Ask, Llm } from './llm.js';
import { escaped } from './data-block.js';
import { plainLine } from './plain-text.js';
import { troubleOf } from './trouble.js';

/**
 * Largest answer that is read, bytes after unpacking: twice MAX_CONTENT with everything escaped, and some room around
 * it.
 */
const MAX_BODY = 2 * 1024 * 1024;
/**
 * Longest text of an answer, characters. A requested text has about 10 000; a longer one would only keep the process
 * busy.
 */
const MAX_CONTENT = 256 * 1024;
/** Longest wait for the list of models, milliseconds. */
const LOOK_WITHIN_MS = 10_000;
const MAX_MODEL_NAME = 100;
/** No model reads or writes so many tokens; a larger number is an error. */
const MAX_TOKENS = 1_000_000_000;

/**
 * Any OpenAI-compatible server, by Chat Completions with a strict JSON schema. The only user of the `openai` package.
 */
export class OpenAiLlm extends Llm {
  private readonly client: OpenAI;

  constructor(private readonly settings: Config['openai']) {
    super();
    // The SDK's own retries are off: the ledger counts the tries.
    this.client = new OpenAI({
      apiKey: settings.apiKey || 'none',
      baseURL: settings.baseUrl,
      timeout: settings.timeoutMs,
      maxRetries: 0,
      fetch: cappedFetch(MAX_BODY),
      logLevel: 'off',
    });
  }

  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const started = performance.now();
    const model = ask.model ?? this.settings.model;
    const completion = await this.call(ask, model, signal, started);
    const usage: CallUsage = {
      model: nameOf(completion?.model) || model,
      input_tokens: count(completion?.usage?.prompt_tokens),
      output_tokens: count(completion?.usage?.completion_tokens),
      duration_ms: Math.round(performance.now() - started),
    };
    const choice = completion?.choices?.[0];
    const misfit = (message: string) => new GenerationFailure('VALIDATION_ERROR', message, { retryable: true, usage });
    if (choice?.message?.refusal || choice?.finish_reason === 'content_filter') {
      throw new GenerationFailure('AI_REFUSED', 'The model refused to write about this.', { retryable: false, usage });
    }
    if (!choice?.message?.content) throw misfit('The model answered nothing.');
    if (choice.finish_reason === 'length') throw misfit('The model did not finish its answer.');
    if (choice.message.content.length > MAX_CONTENT) throw misfit('The model wrote far too much.');
    try {
      return { output: JSON.parse(choice.message.content), usage };
    } catch {
      return { output: choice.message.content, usage };
    }
  }

  /**
   * Asks for the list of models: shows at no cost whether the service is there and accepts our key. Servers without
   * such a list answer 404; that counts as being there.
   * @returns their names; empty: it does not list them
   * @throws GenerationFailure that says why not
   */
  async look(stop: AbortSignal): Promise<string[]> {
    const timeout = AbortSignal.timeout(LOOK_WITHIN_MS);
    const signal = AbortSignal.any([stop, timeout]);
    try {
      const { data } = (await this.client.models.list({ signal })) as { data?: unknown };
      const names = Array.isArray(data) ? data.map((one) => (one as { id?: unknown } | null)?.id) : [];
      return names.filter((name) => typeof name === 'string');
    } catch (error) {
      const failure = failureOf(error, timeout.aborted, this.nothing());
      const { kind, status } = failure.trouble!;
      if (kind === 'key') throw refusedKey(failure);
      if (status === null || status >= 500) throw failure;
      return [];
    }
  }

  async greet(model: string, signal: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(Math.min(this.settings.timeoutMs, LOOK_WITHIN_MS));
    const messages = [{ role: 'user' as const, content: 'Answer with the word OK.' }];
    const options = { signal: AbortSignal.any([signal, timeout]) };
    await this.client.chat.completions.create({ model, messages }, options).catch((error: unknown) => {
      throw failureOf(error, timeout.aborted, this.nothing(model));
    });
  }

  private nothing(model = this.settings.model): CallUsage {
    return { model, input_tokens: 0, output_tokens: 0, duration_ms: 0 };
  }

  /** @returns what the server sent, which may differ from its declared type */
  private async call(ask: Ask, model: string, signal: AbortSignal, started: number): Promise<ChatCompletion | null> {
    // The SDK's timeout ends with the headers; this one also covers a body that never ends.
    const timeout = AbortSignal.timeout(this.settings.timeoutMs);
    try {
      return await this.client.chat.completions.create(
        {
          model,
          messages: [
            { role: 'system', content: ask.instructions },
            { role: 'user', content: escaped(ask.data) },
            ...(ask.before
              ? [
                  { role: 'assistant' as const, content: ask.before.answer },
                  { role: 'user' as const, content: ask.before.further },
                ]
              : []),
          ],
          response_format: { type: 'json_schema', json_schema: { name: ask.name, strict: true, schema: ask.schema } },
        },
        {
          signal: AbortSignal.any([signal, timeout]),
          headers: ask.traceparent ? { traceparent: childOf(ask.traceparent) } : {},
        },
      );
    } catch (error) {
      signal.throwIfAborted();
      const duration_ms = Math.round(performance.now() - started);
      const usage = { model, input_tokens: 0, output_tokens: 0, duration_ms };
      throw failureOf(error, timeout.aborted, usage);
    }
  }
}

/** Other servers leave out the name and the usage, or send invalid ones. */
const nameOf = (model: unknown) => (typeof model === 'string' ? plainLine(model, MAX_MODEL_NAME) : '');
const count = (tokens: unknown) => (isCount(tokens) ? tokens : 0);
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TOKENS;

const refusedKey = ({ trouble }: GenerationFailure) =>
  new GenerationFailure('AI_API_ERROR', `The model service answered ${trouble!.status}: look at OPENAI_API_KEY`, {
    retryable: false,
    trouble,
  });

/** What a call that failed comes to; what its trouble leads to is decided in src/worker/failures.ts. */
function failureOf(error: unknown, timedOut: boolean, usage: CallUsage): GenerationFailure {
  const isAnswer = error instanceof APIError && !(error instanceof APIConnectionError);
  const status = isAnswer ? (error.status as number | undefined) : undefined;
  const trouble = isAnswer
    ? troubleOf({ status: status ?? null, headers: error.headers as Headers | undefined, body: error.error })
    : troubleOf({ status: null, error });
  const options = { usage, trouble, cause: error };
  const api = (message: string, retryable: boolean) =>
    new GenerationFailure('AI_API_ERROR', message, { ...options, retryable });
  if (timedOut || error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError)
    return api('The model did not answer in time.', true);
  if (error instanceof AnswerTooLong) return api('The model sent far too much.', true);
  if (!isAnswer) return api('The connection to the model failed.', true);
  if (status === undefined) return api('The model sent an answer that cannot be read.', true);
  if (trouble.kind === 'filtered' || trouble.kind === 'refused')
    return new GenerationFailure('AI_REFUSED', 'The model refused to write about this.', {
      ...options,
      retryable: false,
    });
  return api(`The model service answered ${status}.`, trouble.kind !== 'request' && trouble.kind !== 'capability');
}
