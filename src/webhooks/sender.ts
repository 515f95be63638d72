import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { isPublic, literalOf, type Resolve } from './addresses.js';
import { retryAfterOf } from './retry-after.js';
import { whyNotEndpoint } from './endpoint.js';

/** The outcome of an attempt. `status` is `null` when there was no answer; `error` is `null` for success. */
export interface Outcome {
  status: number | null;
  error: string | null;
  /** The wait that the receiver asks for before the next attempt, milliseconds; 0: none. */
  retryAfterMs?: number;
}

interface Message {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface SenderOptions {
  resolve: Resolve;
  allowPrivate: boolean;
  /** Bound of the whole attempt: names, connection, TLS, answer. */
  timeoutMs: number;
}

/** How much of an answer is read, and for how long, so that its sender can end normally. Nothing of it is kept. */
const READ_BYTES = 4096;
const READ_MS = 1000;
const USER_AGENT = 'MovieMind-Webhooks/1';

/** Statuses whose Retry-After concerns the same message: too many, and not now. */
const ASK_TO_WAIT = new Set([429, 503]);

/** Why an endpoint is refused. The message is for the owner of the webhook and names no address. */
class Refused extends Error {}

/**
 * Sends one message:
 * 1. It resolves the name, and refuses it if any address is not public. An answer of a name server is trusted as a
 *    whole or not at all.
 * 2. It connects to one of these addresses. It does not resolve the name again, so the name cannot move in between.
 * 3. It takes the status. It follows no redirect, uses no proxy of the environment, and drops the body.
 *
 * @param stop ends the attempt from outside; it then throws
 */
export async function send(message: Message, options: SenderOptions, stop: AbortSignal): Promise<Outcome> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([timeout, stop]);
  try {
    const url = new URL(message.url);
    const addresses = await orAborted(checked(url, options), signal);
    return await post(url, message, pinned(addresses), signal);
  } catch (error) {
    if (stop.aborted) throw error;
    if (timeout.aborted) return { status: null, error: `no answer within ${options.timeoutMs} ms` };
    return { status: null, error: reasonOf(error) };
  }
}

/** The checked addresses of an endpoint. @throws Refused */
async function checked(url: URL, { resolve, allowPrivate }: SenderOptions): Promise<string[]> {
  const why = whyNotEndpoint(url, allowPrivate);
  if (why) throw new Refused(`the URL ${why}`);
  const literal = literalOf(url);
  const addresses = literal ? [literal] : await resolve(url.hostname).catch(() => []);
  if (addresses.length === 0) throw new Refused('the name does not resolve');
  if (!allowPrivate && !addresses.every(isPublic))
    throw new Refused('the name resolves to a private, local or reserved address');
  return addresses;
}

/** A look-up that answers with the checked addresses. */
const pinned =
  (addresses: string[]): LookupFunction =>
  (_hostname, { all }, callback) => {
    const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (all) callback(null, answers);
    else callback(null, answers[0]!.address, answers[0]!.family);
  };

async function post(url: URL, message: Message, lookup: LookupFunction, signal: AbortSignal): Promise<Outcome> {
  // Loaded with the first message: only workers send.
  const { Client } = await import('undici');
  // A connection for this message only: a connection that stays open could outlive the check of its address.
  const client = new Client(url.origin, { connect: { lookup }, allowH2: false, pipelining: 0 });
  try {
    const { statusCode, headers, body } = await client.request({
      method: 'POST',
      path: url.pathname + url.search,
      headers: { ...message.headers, 'content-type': 'application/json', 'user-agent': USER_AGENT },
      body: message.body,
      reset: true,
      signal,
    });
    await thrownAway(body);
    const success = statusCode >= 200 && statusCode < 300;
    const retryAfterMs = ASK_TO_WAIT.has(statusCode) ? retryAfterOf(headers) : 0;
    return {
      status: statusCode,
      error: success ? null : `answered ${statusCode}`,
      ...(retryAfterMs && { retryAfterMs }),
    };
  } finally {
    await client.destroy();
  }
}

async function thrownAway(body: Dispatcher.ResponseData['body']): Promise<void> {
  body.on('error', () => undefined); // the status is known; the end of the body does not matter
  await body.dump({ limit: READ_BYTES, signal: AbortSignal.timeout(READ_MS) }).catch(() => undefined);
}

/** Name servers cannot be interrupted, so a slow one is left alone. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, failed) => {
    signal.addEventListener('abort', () => failed(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}

/** Codes of Node, undici and OpenSSL say what happened; their messages may name addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  const { code } = error as { code?: string };
  return code ? `no answer: ${code}` : 'no answer';
}
