import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { prose } from './prose.ts';

/** What the stub does with one call. */
export type Behaviour =
  | { kind: 'answer'; output?: object; delayMs?: number }
  | { kind: 'status'; status: number; headers?: Record<string, string>; message?: string }
  | { kind: 'hang' }
  | { kind: 'stall' }
  | { kind: 'cut' }
  | { kind: 'refuse' }
  | { kind: 'content'; content: string | null; finishReason?: string }
  | { kind: 'body'; body: string }
  | { kind: 'other'; of: (good: string) => Other }
  | { kind: 'reset' }
  | { kind: 'flood'; status?: number }
  | { kind: 'drip' }
  | { kind: 'bomb' };

/** An answer in the manner of another server, made of the JSON of a good one. */
export interface Other {
  /** Replaces the message of a completion, or adds to its choice. */
  message?: object;
  choice?: object;
  /** Replaces the whole body; text is sent as it is. */
  body?: unknown;
  status?: number;
  headers?: Record<string, string>;
}

/** Decides by the subject and how often it was asked for, this call included. */
export type Fallback = (subject: string, made: number, schema: string, data: Data, model: string) => Behaviour;

export interface Call {
  subject: string;
  at: number;
  /** Set when the client went away before the answer. */
  aborted: boolean;
  request: {
    model: string;
    messages: { role: string; content: string }[];
    /** Missing where a server is asked for plain text. */
    response_format: { type: string; json_schema: { name: string; strict?: boolean; schema: object } };
  };
  /** Name of the schema, also where it was told in words alone. */
  schema: string;
  path: string;
  headers: IncomingMessage['headers'];
}

type Data = {
  title?: string | null;
  name?: string | null;
  slug: string;
  release_year?: number | null;
  birth_year?: number | null;
  director?: string | null;
  locale?: string;
  context_tag?: string;
};

/**
 * A server that speaks the OpenAI wire format and misbehaves on demand. It keeps its own ledger of calls, by the
 * title or name (or slug) that was asked for; scripted behaviours are used up in order, then it answers well.
 */
export class StubModel {
  readonly calls: Call[] = [];
  /** How often each subject was asked for. */
  readonly counts = new Map<string, number>();
  /** Tokens of the answers that left whole, by subject. */
  readonly spent = new Map<string, number>();
  /** Bytes of floods that were taken, of the last one. */
  flooded = 0;
  /** What it answers to a look: a status, or nothing. */
  looks: number | 'hang' = 200;
  /** What it answers to calls that it does not understand; they use up no script. */
  refuses: (call: Call) => Behaviour | null = () => null;
  /** False: only counts, for runs whose calls would fill the memory. */
  keepCalls = true;
  readonly url: string;
  private readonly server: Server;
  private readonly scripts = new Map<string, Behaviour[]>();
  /** What it does when a subject has no script (left). */
  fallback: Fallback = () => ({ kind: 'answer' });

  // No parameter properties: this file also runs without a build, and node strips types only.
  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  static async start(): Promise<StubModel> {
    let stub: StubModel;
    const server = createServer((request, response) => void stub.handle(request, response)).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    stub = new StubModel(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
    return stub;
  }

  /** Settings of a program that asks this one. */
  get settings() {
    return { OPENAI_API_KEY: 'key-0123456789', OPENAI_BASE_URL: this.url };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  script(subject: string, ...behaviours: Behaviour[]): void {
    this.scripts.set(subject, behaviours);
  }

  otherwise(behaviour: Behaviour | Fallback): void {
    this.fallback = typeof behaviour === 'function' ? behaviour : () => behaviour;
  }

  callsFor(subject: string): Call[] {
    return this.calls.filter((call) => call.subject === subject);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return this.list(response);
    const body = JSON.parse(await text(request)) as Call['request'];
    const asked = body.messages.find(({ role }) => role === 'user')!.content;
    // A call without data only wants to know whether somebody is there.
    const data = JSON.parse(/```json\n([\s\S]*)\n```/.exec(asked)?.[1] ?? `{"title":"${GREETING}"}`) as Data;
    const subject = data.title ?? data.name ?? data.slug;
    const schema = schemaOf(body);
    const call: Call = {
      subject,
      at: Date.now(),
      aborted: false,
      request: body,
      schema,
      path: request.url!,
      headers: request.headers,
    };
    if (this.keepCalls) this.calls.push(call);
    response.once('close', () => (call.aborted = !response.writableFinished));
    const refusal = this.refuses(call);
    if (refusal) return this.behave(refusal, {}, response);
    const made = (this.counts.get(subject) ?? 0) + 1;
    if (subject !== GREETING) this.counts.set(subject, made);
    const behaviour = this.scripts.get(subject)?.shift() ?? this.fallback(subject, made, schema, data, body.model);
    response.once('close', () => {
      if (!call.aborted && TOLD.has(behaviour.kind)) this.spent.set(subject, (this.spent.get(subject) ?? 0) + TOKENS);
    });
    await this.behave(behaviour, good(schema, data, made), response);
  }

  /** Whoever looks whether it is there; no call of a job. */
  private list(response: ServerResponse): void {
    if (this.looks === 'hang') return;
    send(response, { object: 'list', data: LISTED.map((id) => ({ id, object: 'model' })) }, this.looks);
  }

  /** As fast as it is taken, as long as somebody listens. */
  private flood(response: ServerResponse): void {
    if (response.destroyed) return;
    this.flooded += FLOOD.length;
    if (response.write(FLOOD)) setImmediate(() => this.flood(response));
    else response.once('drain', () => this.flood(response));
  }

  private async behave(behaviour: Behaviour, good: object, response: ServerResponse): Promise<void> {
    switch (behaviour.kind) {
      case 'answer':
        if (behaviour.delayMs) await new Promise((done) => setTimeout(done, behaviour.delayMs));
        return send(response, completion(JSON.stringify({ ...good, ...behaviour.output })));
      case 'content':
        return send(response, completion(behaviour.content, behaviour.finishReason));
      case 'refuse':
        return send(response, completion(null, 'stop', 'I cannot help with that.'));
      case 'status':
        return send(
          response,
          { error: { message: behaviour.message ?? 'secret-detail-of-the-provider', type: 'stub' } },
          behaviour.status,
          behaviour.headers,
        );
      case 'body':
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(behaviour.body);
      case 'other':
        return sendOther(response, behaviour.of(JSON.stringify(good)));
      case 'reset':
        return void response.socket!.resetAndDestroy();
      case 'cut':
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
          .write('{"id":"chatcmpl-1","choi');
        // Once the part has left.
        return void setTimeout(() => response.destroy(), 20);
      case 'stall':
        return void response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
          .write('{"id":');
      case 'flood':
        this.flooded = 0;
        response.writeHead(behaviour.status ?? 200, { 'content-type': 'application/json' });
        return this.flood(response);
      case 'drip':
        response.writeHead(200, { 'content-type': 'application/json' });
        return drip(response);
      case 'bomb':
        return void response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(' '.repeat(BOMB_BYTES) + JSON.stringify(completion(JSON.stringify(good)))));
      case 'hang':
        return;
    }
  }
}

/** Fields by which a schema is known that was told in words alone. */
const WORDS: [string, RegExp][] = [
  ['identity', /^same:/m],
  ['movie', /^cast:/m],
  ['person', /^known_for:/m],
  ['person_text', /^biography:/m],
];

function schemaOf({ response_format, messages }: Call['request']): string {
  const given = (response_format as Partial<Call['request']['response_format']> | undefined)?.json_schema;
  return given?.name ?? WORDS.find(([, words]) => words.test(messages[0]!.content))?.[0] ?? 'movie_text';
}

function sendOther(response: ServerResponse, { message, choice, body, status = 200, headers = {} }: Other): void {
  const whole = completion('');
  const [first] = whole.choices;
  const choices = [{ ...first, ...(message && { message: { role: 'assistant', ...message } }), ...choice }];
  const sent = body ?? { ...whole, choices };
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(typeof sent === 'string' ? sent : JSON.stringify(sent));
}

/** Tokens of each answer, and behaviours that tell them. */
const USAGE = { prompt_tokens: 321, completion_tokens: 123, total_tokens: 444 };
export const TOKENS = USAGE.total_tokens;
const TOLD: ReadonlySet<Behaviour['kind']> = new Set(['answer', 'content', 'refuse']);
/** Models that it says it has. */
const LISTED = ['stub-model-1', 'gpt-4.1-mini'];
/** Subject of calls that ask for nothing. */
export const GREETING = 'a greeting';
/** Spaces before a good answer. */
const BOMB_BYTES = 64 * 1024 * 1024;
const FLOOD = Buffer.alloc(64 * 1024, ' ');
const DRIP_MS = 20;

/** A space now and then, as long as somebody listens. */
function drip(response: ServerResponse): void {
  const dripping = setInterval(() => response.write(' '), DRIP_MS);
  response.once('close', () => clearInterval(dripping));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, body: object, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const completion = (content: string | null, finish_reason = 'stop', refusal: string | null = null) => ({
  id: 'chatcmpl-stub',
  object: 'chat.completion',
  created: 1,
  model: 'stub-model-1',
  choices: [{ index: 0, message: { role: 'assistant', content, refusal }, logprobs: null, finish_reason }],
  usage: USAGE,
});

const titleOf = (data: Data) => data.title ?? data.name ?? data.slug.replace(/-\d{4}$/, '').replaceAll('-', ' ');

/** A fit answer, which is another each time. */
function good(schema: string, data: Data, made: number): object {
  const { locale = 'en-US', context_tag } = data;
  const text = (kind: string) => {
    const opening = locale.startsWith('en') ? `An original ${kind} ${titleOf(data)}.` : `${titleOf(data)}.`;
    return `${opening} ${prose(locale, [schema, titleOf(data), context_tag, made].join(' '))}`;
  };
  if (schema === 'identity') return { same: true };
  if (schema === 'movie_text') return { description: text('description of') };
  if (schema === 'person_text') return { biography: text('biography of') };
  return schema === 'movie' ? film(data, text('description of')) : person(data, text('biography of'));
}

const film = (data: Data, description: string) => ({
  found: true,
  title: titleOf(data),
  original_title: null,
  other_titles: [],
  release_year: data.release_year ?? 1999,
  directors: [data.director ?? 'Dana Director'],
  genres: ['drama', 'science-fiction'],
  description,
  cast: [
    { name: 'Ann Actor', role: 'ACTOR', character_name: 'Lead' },
    { name: 'Bob Player', role: 'ACTOR', character_name: null },
    { name: 'Will Writer', role: 'WRITER', character_name: null },
  ],
  namesakes: [],
});

const person = (data: Data, biography: string) => ({
  found: true,
  name: titleOf(data),
  other_names: [],
  birth_date: `${data.birth_year ?? 1964}-09-02`,
  birth_year: data.birth_year ?? 1964,
  birthplace: 'Somewhere',
  biography,
  known_for: [
    { title: 'Known Film', release_year: 2001, role: 'ACTOR', character_name: 'Hero' },
    { title: 'Other Film', release_year: null, role: 'PRODUCER', character_name: null },
  ],
  namesakes: [],
});
