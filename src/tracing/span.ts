import { childOf } from './traceparent.js';

/** What is told of a step. No prompt, no answer, no key, and of a client's words the slug alone. */
export type Attributes = Record<string, string | number | boolean | undefined>;

/**
 * What a step is to the one before it, as OpenTelemetry has it. `producer`: it hands over work for later, which a
 * `consumer` does. `client`: it asks another service. Missing: a part of its parent, in this process.
 */
export type SpanKind = 'server' | 'producer' | 'consumer' | 'client';

export interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
}

/** One step of a trace: it begins when it is made, and is sent once it has ended. */
export interface Span {
  /** W3C trace context for what is done as a part of this step, here or elsewhere; `null`: there is no trace. */
  readonly traceparent: string | null;
  set(attributes: Attributes): void;
  /** Names another trace that this step has to do with. */
  link(traceparent: string | null): void;
  /** It did not do what it should. @param type a word of ours, or a code: never a text of others */
  fail(type: string): void;
  child(name: string, options?: SpanOptions): Span;
  end(): void;
}

/** What records spans and sends them. */
export interface Recorder {
  begin(name: string, parent: string | null, options: SpanOptions): Span;
  /** Sends what is left. May take as long as the collector does. */
  close(): Promise<void>;
}

/** A step where traces are off: nothing is kept of it, and the trace of the request is passed on as it is. */
class QuietSpan implements Span {
  constructor(readonly traceparent: string | null) {}

  set(): void {}
  link(): void {}
  fail(): void {}
  end(): void {}

  child(_name: string, { kind }: SpanOptions = {}): Span {
    return quietSpan(this.traceparent, kind);
  }
}

/** Another service gets a parent id of its own, so that it can tell calls apart. */
export const quietSpan = (traceparent: string | null, kind?: SpanKind): Span =>
  new QuietSpan(traceparent !== null && kind === 'client' ? childOf(traceparent) : traceparent);

/** Codes and names of types: short, and without a blank that a sentence would have. */
const WORD = /^[\w.-]{1,64}$/;

/** What kind of failure it is, in one word: its type, the code of a driver, or its class. */
export function typeOfError(error: unknown): string {
  const { type, kind, code, name } = (error ?? {}) as Record<string, unknown>;
  const word = [type, kind, code, name].find((one) => typeof one === 'string' && WORD.test(one));
  return (word as string | undefined) ?? 'error';
}
