import { cappedFetch } from '../http/capped-fetch.js';
import type { Ask, Reply } from './asking.js';
import { CliError, TimedOut } from './errors.js';
import { pause } from './interruption.js';
import { noAnswerOf } from './unreachable.js';
import { retryAfter, verdictOn } from './verdict.js';

/** How long requests are repeated while a server does not answer or answers 5xx, milliseconds. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 1000;
/** An error of its own, which the server has logged, seldom passes: it is asked again for so long, milliseconds. */
const FAULT_PATIENCE_MS = 3000;
/** Longest wait for one answer, milliseconds. */
const ANSWER_MS = 15_000;
/** The address may belong to another server, so answers are limited. The largest answer of MovieMind has a few MiB. */
const fetch = cappedFetch(32 * 1024 * 1024);

/** Called with what holds up a request, or the jobs that wait; `null`: nothing any more. */
export type Notice = (doing: 'GET' | 'POST' | 'hold', text: string | null) => void;

interface LineOptions {
  url: string;
  token: string | undefined;
  signal: AbortSignal;
  /** Whether the server ends with the command, and with it its links. */
  temporary?: boolean;
  /** Whether its work ends with the command, too: no other process goes on with it. */
  alone?: boolean;
}

/**
 * Sends requests to one server. While it is busy or away, they are sent again: as long as the server asks for, else for
 * a minute. An error that will not pass ends the command at once.
 */
export class Line {
  readonly url: string;
  readonly temporary: boolean;
  readonly alone: boolean;
  readonly signal: AbortSignal;
  /** No request continues after this time. */
  deadline = Infinity;
  patienceMs = PATIENCE_MS;
  notice: Notice = noticeOnStderr();
  private answered = false;

  constructor(private readonly options: LineOptions) {
    this.url = options.url;
    this.temporary = options.temporary ?? false;
    this.alone = options.alone ?? false;
    this.signal = options.signal;
  }

  /** A line to the same server that asks once and waits briefly: for optional information at the end. */
  brief(milliseconds: number): Line {
    const line = new Line({ ...this.options, signal: AbortSignal.timeout(milliseconds) });
    return Object.assign(line, {
      patienceMs: 0,
      deadline: Date.now() + milliseconds,
      notice: () => undefined,
    });
  }

  /** A line to the same server that also ends with this signal. */
  endedBy(signal: AbortSignal): Line {
    const line = new Line({ ...this.options, signal: AbortSignal.any([this.signal, signal]) });
    return Object.assign(line, { deadline: this.deadline, notice: this.notice });
  }

  /** @throws Refused, TimedOut, CliError when it does not pass; Interrupted */
  async ask<T>(ask: Ask): Promise<Reply<T>> {
    const method = ask.method ?? (ask.body ? 'POST' : 'GET');
    const doing = method === 'GET' ? 'GET' : 'POST';
    for (let failingSince: number | null = null; ;) {
      const held = await this.attempt<T>(ask, method);
      if ('status' in held) {
        this.notice(doing, null);
        return held;
      }
      failingSince = held.asked ? null : (failingSince ?? Date.now());
      const again = Date.now() + held.milliseconds;
      const until = Math.min(this.deadline, failingSince === null ? Infinity : failingSince + this.patienceFor(held));
      if (again > until) throw this.givenUp(held);
      const moment = new Date(failingSince === null || until === Infinity ? again : until);
      const clock = moment.toTimeString().slice(0, 8);
      this.notice(doing, held.asked ? `${held.why}, waiting until ${clock}` : `${held.why}, trying until ${clock}`);
      await pause(held.milliseconds, this.signal);
    }
  }

  private patienceFor({ fault }: Repetition): number {
    return fault === undefined ? this.patienceMs : Math.min(this.patienceMs, FAULT_PATIENCE_MS);
  }

  private givenUp({ why, asked: requested, milliseconds, fault }: Repetition): CliError {
    if (fault !== undefined) return new CliError(`${why}; its log says more of the request ${fault}`);
    if (!requested) return new CliError(`${why}; is the server running? --url names another, --direct needs none`);
    return new TimedOut(
      `${why}: to wait for it takes ${Math.ceil(milliseconds / 1000)} s, longer than --timeout leaves`,
    );
  }

  private async attempt<T>(ask: Ask, method: string): Promise<Reply<T> | Repetition> {
    const { url } = this;
    this.signal.throwIfAborted();
    try {
      const response = await this.send(ask, method);
      if (ask.streamed && response.ok)
        return { status: response.status, headers: response.headers, body: response as T };
      const text = await response.text();
      this.answered = true;
      const verdict = verdictOn<T>(response, text, { url, ask, hasKey: this.options.token !== undefined });
      if (!('wait' in verdict)) return verdict;
      const { wait, ...about } = verdict;
      return { ...about, asked: wait === 'asked', milliseconds: retryAfter(response.headers) };
    } catch (error) {
      if (error instanceof CliError) throw error;
      this.signal.throwIfAborted();
      const { reason, advice } = await noAnswerOf(error as Error, url, this.answered);
      if (advice) throw new CliError(`no answer from ${url}: ${reason}; ${advice}`);
      const yet = this.answered ? 'any more' : 'yet';
      return { why: `no answer from ${url} ${yet} (${reason})`, asked: false, milliseconds: RETRY_MS };
    }
  }

  private send({ path, body, headers, streamed, answerMs = ANSWER_MS }: Ask, method: string): Promise<Response> {
    const { token, signal } = this.options;
    const left = Math.max(RETRY_MS, Math.min(answerMs, this.deadline - Date.now()));
    return (streamed ? globalThis.fetch : fetch)(this.url + path, {
      method,
      headers: {
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: body && JSON.stringify(body),
      // A followed redirect would turn POST into GET and send the key elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([streamed ?? AbortSignal.timeout(left), signal]),
    });
  }
}

/** A request that will be sent again. */
interface Repetition {
  why: string;
  /** Whether the server asked for the pause; else it had an error. */
  asked: boolean;
  milliseconds: number;
  /** As in verdict.ts. */
  fault?: string;
}

/** Prints one line for each new reason, not one a second. */
function noticeOnStderr(): Notice {
  let shown = '';
  return (_, text) => {
    if (text && text !== shown) process.stderr.write(`${text}\n`);
    shown = text ?? '';
  };
}
