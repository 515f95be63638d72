import type { KindWord } from '../domain/kinds.js';
import type { CallUsage } from '../domain/usage.js';

/** Names of schemas: facts and text of a kind, its text alone, and whether two names mean the same. */
export type AnswerName = KindWord | `${KindWord}_text` | 'identity';

/** What is asked of a model. */
export interface Ask {
  /** Name of the schema. */
  name: AnswerName;
  /** The model that is to be asked; missing: the one that is preferred. */
  model?: string;
  /** The only text that instructs. */
  instructions: string;
  /** The client's text and choices; given as a JSON block, as data. */
  data: Record<string, unknown>;
  /** What it answered before, and what is to be put right; missing: it is asked for the first time. */
  before?: { answer: string; further: string };
  /** JSON Schema of the answer, in the subset that strict mode takes. */
  schema: Record<string, unknown>;
  /** The answer of the mock. It fits the schema, and its text says that it is a mock's. */
  sample: (data: Record<string, unknown>) => object;
  /** W3C trace context of this call; `null`: it has none. It is sent as a header, not to the model. */
  traceparent: string | null;
}

/** The answer: parsed JSON, or the text where it is none; neither checked nor cleaned. */
export interface Answer {
  output: unknown;
  usage: CallUsage;
}

/** Who answers, for traces. Missing: nobody is called over a network. */
export interface Service {
  provider: 'openai' | 'mock';
  address?: string;
  port?: number;
}

/** Any model. @throws GenerationFailure for every failure, the signal's reason when aborted */
export abstract class Llm {
  abstract readonly service: Service;
  abstract ask(ask: Ask, signal: AbortSignal): Promise<Answer>;
  /** The smallest call there is, for an operator who wants to know whether `model` answers. */
  abstract greet(model: string, signal: AbortSignal): Promise<void>;
}
