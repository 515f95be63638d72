import type { KindWord } from '../domain/kinds.js';
import type { CallUsage } from '../domain/usage.js';

/** Names of the schemas of answers: facts and text, the text alone, whether two are the same. */
export type AnswerName = KindWord | `${KindWord}_text` | 'identity';

/** What is asked of a model. */
export interface Ask {
  /** Name of the schema. */
  name: AnswerName;
  /** The only text that instructs. */
  instructions: string;
  /** The client's text and choices; given as a JSON block, as data. */
  data: Record<string, unknown>;
  /** JSON Schema of the answer, in the subset that strict mode takes. */
  schema: Record<string, unknown>;
  /** W3C trace context of the request behind it; `null`: it has none. Sent as a header, not to the model. */
  traceparent: string | null;
}

/** What came back: parsed JSON, neither checked nor cleaned. */
export interface Answer {
  output: unknown;
  usage: CallUsage;
}

/** Any model. @throws GenerationFailure for whatever goes wrong, the signal's reason when aborted. */
export abstract class Llm {
  abstract ask(ask: Ask, signal: AbortSignal): Promise<Answer>;
}
