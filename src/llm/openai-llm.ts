import OpenAI, { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { Config } from '../config/config.js';
import { AnswerTooLong, cappedFetch } from '../http/capped-fetch.js';
import type { CallUsage } from '../domain/usage.js';
import { type Completion, completionIn } from './completion.js';
import { failureOf, misfit, NoAnswer, refusedKey } from './failure-of.js';
import { withoutThoughts } from './found-json.js';
import { type Answer, type Ask, Llm, type Service } from './llm.js';
import { plainLine } from './plain-text.js';
import { readAnswer } from './tolerant-reader.js';
import { serviceAt } from './service.js';
import { type Failed, lacksSystemRole, troubleOf } from './trouble.js';
import { KnownWays, requestOf, simpler, type Way } from './ways.js';

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

/** A call that came to an end: what was sent, or what is wrong. */
interface Reply {
  completion: Completion | null;
  failed: Failed | null;
}

/**
 * Any OpenAI-compatible server, by Chat Completions. A server that does not know a strict JSON schema is asked in a
 * simpler way. What it says is read tolerantly. The only user of the `openai` package.
 */
export class OpenAiLlm extends Llm {
  readonly service: Service;
  private readonly client: OpenAI;
  private readonly ways = new KnownWays();

  constructor(private readonly settings: Config['openai']) {
    super();
    const { apiKey, baseUrl, timeoutMs } = settings;
    this.service = serviceAt(baseUrl);
    // The SDK's own retries are off: the ledger counts the tries.
    this.client = new OpenAI({
      apiKey: apiKey || 'none',
      baseURL: baseUrl?.replace(/\/chat\/completions\/?(?=\?|$)/, ''),
      timeout: timeoutMs,
      maxRetries: 0,
      fetch: cappedFetch(MAX_BODY),
      logLevel: 'off',
      // A service with versions in the address takes its key in a header of its own, and another one for a token.
      ...(baseUrl?.includes('api-version=') && { defaultHeaders: { 'api-key': apiKey, Authorization: null } }),
    });
  }

  /** A call that a server refused since it does not know a part of it is none: it is asked in a simpler way. */
  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const model = ask.model ?? this.settings.model;
    for (let way = this.ways.of(this.client.baseURL, model); ;) {
      const started = performance.now();
      const { completion, failed } = await this.call(ask, model, way, signal);
      const usage = usageOf(completion, model, started);
      if (failed === null) {
        this.ways.took(this.client.baseURL, model, way);
        return { output: outputOf(completion!, ask, usage), usage };
      }
      const trouble = troubleOf(failed);
      const next = trouble.kind === 'capability' ? simpler(way, lacksSystemRole(failed)) : null;
      if (next === null) throw failureOf(troubleOf(failed, false), failed.error, usage);
      way = next;
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
      const failed = failedBy(error, timeout.aborted);
      const trouble = troubleOf(failed);
      if (trouble.kind === 'key') throw refusedKey(trouble);
      if (trouble.status === null || trouble.status >= 500) throw failureOf(trouble, failed.error);
      return [];
    }
  }

  async greet(model: string, signal: AbortSignal): Promise<void> {
    const timeout = AbortSignal.timeout(Math.min(this.settings.timeoutMs, LOOK_WITHIN_MS));
    const messages = [{ role: 'user' as const, content: 'Answer with the word OK.' }];
    const options = { signal: AbortSignal.any([signal, timeout]) };
    await this.client.chat.completions.create({ model, messages }, options).catch((error: unknown) => {
      const failed = failedBy(error, timeout.aborted);
      throw failureOf(troubleOf(failed, false), failed.error);
    });
  }

  /** @throws the signal's reason when aborted */
  private async call(ask: Ask, model: string, way: Way, signal: AbortSignal): Promise<Reply> {
    // The SDK's timeout ends with the headers; this one also covers a body that never ends.
    const timeout = AbortSignal.timeout(this.settings.timeoutMs);
    try {
      const response = await this.client.chat.completions
        .create(requestOf(model, ask, way), {
          signal: AbortSignal.any([signal, timeout]),
          headers: ask.traceparent ? { traceparent: ask.traceparent } : {},
        })
        .asResponse();
      const completion = completionIn(await response.text());
      return { completion, failed: failedIn(completion, response.headers) };
    } catch (error) {
      signal.throwIfAborted();
      return { completion: null, failed: failedBy(error, timeout.aborted) };
    }
  }
}

/** What is wrong where a good status came; `null`: nothing. */
function failedIn(completion: Completion | null, headers: Headers): Failed | null {
  if (completion === null)
    return { status: null, error: new NoAnswer('The model sent an answer that cannot be read.') };
  return completion.error && { ...completion.error, headers };
}

function failedBy(error: unknown, timedOut: boolean): Failed {
  const none = (message: string) => ({ status: null, error: new NoAnswer(message, { cause: error }) });
  if (timedOut || error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError)
    return none('The model did not answer in time.');
  if (error instanceof AnswerTooLong) return none('The model sent far too much.');
  const status = error instanceof APIError ? (error.status as number | undefined) : undefined;
  if (!(error instanceof APIError) || status === undefined) return none('The connection to the model failed.');
  return { status, headers: error.headers as Headers | undefined, body: bodyOf(error), error };
}

/** The SDK keeps what JSON says, and puts any other body behind the status in the message. */
const bodyOf = ({ error, message, status }: APIError) =>
  error ?? message.replace(new RegExp(`^${status} (?:status code \\(no body\\))?`), '');

/**
 * @returns the object, or the prose in its place
 * @throws GenerationFailure when it is no answer at all
 */
function outputOf({ said, end }: Completion, ask: Ask, usage: CallUsage): unknown {
  const none = { status: null, waitMs: null, reason: '' };
  if (end === 'refused' || end === 'filtered') throw failureOf({ ...none, kind: end }, undefined, usage);
  if (end === 'broken') throw failureOf({ ...none, kind: end }, new NoAnswer('The model broke off.'), usage);
  if (said.some((one) => typeof one === 'string' && one.length > MAX_CONTENT))
    throw misfit('The model wrote far too much.', usage);
  const output = readAnswer(said, ask.schema, end === 'cut');
  if (output !== undefined) return output;
  if (end === 'cut') throw misfit('The model did not finish its answer.', usage);
  const prose = said.find((one) => typeof one === 'string');
  if (prose === undefined) throw misfit('The model answered nothing.', usage);
  return withoutThoughts(prose).trim() || prose;
}

/** Other servers leave out the name and the usage, or send invalid ones. */
const usageOf = (completion: Completion | null, model: string, started: number): CallUsage => ({
  model: nameOf(completion?.model) || model,
  input_tokens: count(completion?.inputTokens),
  output_tokens: count(completion?.outputTokens),
  duration_ms: Math.round(performance.now() - started),
});
const nameOf = (model: unknown) => (typeof model === 'string' ? plainLine(model, MAX_MODEL_NAME) : '');
const count = (tokens: unknown) => (isCount(tokens) ? tokens : 0);
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TOKENS;
