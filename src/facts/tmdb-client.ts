import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerTooLong, cappedFetch } from '../http/capped-fetch.js';
import { toldWaitMs } from '../llm/told-wait.js';
import { Away, type Pace } from './pace.js';
import { Unreadable } from './tmdb-reader.js';

/** Largest answer that is read, bytes after unpacking: 2,000 credits and all translations have less than a half. */
const MAX_BODY = 4 * 1024 * 1024;
/** Longest request, milliseconds. */
const ANSWER_WITHIN_MS = 8000;
/** Requests for one answer, and the wait before the second one, milliseconds. */
const MOST_TRIES = 3;
const AGAIN_MS = 100;
/** How long nobody asks after a key or an address was refused, milliseconds: it does not become right by itself. */
const REFUSED_MS = 5 * 60_000;

type Query = Record<string, string>;

/** What one request came to. */
type Reply =
  | { is: 'answer'; body: unknown }
  | { is: 'none' }
  /** It is asked too often. `null`: it does not say for how long. */
  | { is: 'rest'; waitMs: number | null }
  /** `wrong`: this request; `refused`: key or address; `failed`: another one may do better; `slow`: not soon. */
  | { is: 'wrong' | 'refused' | 'failed' | 'slow'; reason: string };

/** TMDB over HTTP: its key, its statuses and its pauses. What it answers is judged by those who ask. */
export class TmdbClient {
  private readonly fetch = cappedFetch(MAX_BODY);

  constructor(
    private readonly settings: { apiKey: string; baseUrl: string },
    private readonly pace: Pick<Pace, 'turn' | 'isWell' | 'rest' | 'leave'>,
    private readonly withinMs = ANSWER_WITHIN_MS,
  ) {}

  /** Where it asks, without scheme and key: what another place answers may be something else. */
  get place(): string {
    const { host, pathname } = new URL(this.settings.baseUrl);
    return `${host}${pathname.replace(/\/$/, '')}`;
  }

  /**
   * @returns the answer's JSON; `null`: there is no such thing
   * @throws Away when it does not answer, Unreadable when it refuses this request, the signal's reason when aborted
   */
  async get(path: string, query: Query, signal: AbortSignal): Promise<unknown> {
    let reason = 'it asks for one pause after the other';
    for (let made = 1; made <= MOST_TRIES; made++) {
      const turn = await this.pace.turn(signal);
      const reply = await this.request(path, query, signal);
      if (reply.is === 'rest') {
        await this.pace.rest(reply.waitMs, 'TMDB answered 429.', turn.began);
        continue;
      }
      if (reply.is === 'answer' || reply.is === 'none') {
        await this.pace.isWell(turn);
        return reply.is === 'answer' ? reply.body : null;
      }
      ({ reason } = reply);
      if (reply.is === 'wrong') throw new Unreadable(reason);
      if (reply.is !== 'failed' || made === MOST_TRIES) {
        await this.pace.leave(reply.is === 'refused' ? REFUSED_MS : null, reason, turn.began);
        break;
      }
      await sleep(AGAIN_MS, undefined, { signal });
    }
    throw new Away(reason);
  }

  private async request(path: string, query: Query, signal: AbortSignal): Promise<Reply> {
    const timeout = AbortSignal.timeout(this.withinMs);
    try {
      const response = await this.fetch(this.addressOf(path, query), {
        headers: { accept: 'application/json', ...this.token() },
        signal: AbortSignal.any([signal, timeout]),
        redirect: 'error',
      });
      return replyOf(path, response, await response.text());
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AnswerTooLong) return { is: 'wrong', reason: 'TMDB sent far too much.' };
      if (timeout.aborted) return { is: 'slow', reason: 'TMDB did not answer in time.' };
      return { is: 'failed', reason: 'The connection to TMDB failed.' };
    }
  }

  private addressOf(path: string, query: Query): string {
    const { baseUrl, apiKey } = this.settings;
    const key: Query = isToken(apiKey) ? {} : { api_key: apiKey };
    return `${baseUrl.replace(/\/$/, '')}/${path}?${new URLSearchParams({ ...query, ...key }).toString()}`;
  }

  private token() {
    const { apiKey } = this.settings;
    return isToken(apiKey) ? { authorization: `Bearer ${apiKey}` } : {};
  }
}

/** An API read access token, which stands in a header; the shorter API key stands in the address. */
const isToken = (key: string) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(key);

/** A search that finds nothing answers an empty list: where there is no search, there is no TMDB. */
const isSearch = (path: string) => /^(search|find)\//.test(path);

function replyOf(path: string, { status, headers }: Response, text: string): Reply {
  if (status === 404 && isSearch(path))
    return { is: 'refused', reason: 'TMDB answered 404 to a search: look at TMDB_BASE_URL.' };
  if (status === 404) return { is: 'none' };
  if (status === 429) return { is: 'rest', waitMs: toldWaitMs(headers, text) };
  if (status === 401 || status === 403)
    return { is: 'refused', reason: `TMDB answered ${status}: look at TMDB_API_KEY.` };
  if (status !== 200) return { is: status < 500 ? 'wrong' : 'failed', reason: `TMDB answered ${status}.` };
  try {
    return { is: 'answer', body: JSON.parse(text) as unknown };
  } catch {
    return { is: 'failed', reason: 'TMDB sent an answer that cannot be read.' };
  }
}
