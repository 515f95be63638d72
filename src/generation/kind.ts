import type { DynamicModule, Type } from '@nestjs/common';
import type { Stop } from '../domain/gate-names.js';
import type { GivenFacts } from '../domain/given-facts.js';
import type { PersonRole } from '../domain/vocabulary.js';
import type { Meter } from '../ledger/budget.js';
import type { Span } from '../tracing/span.js';
import type { AnswerForm } from './schemas.js';

/** Somebody, or a film, that an answer names. */
export interface Credited {
  text: string;
  year: number | null;
  role: PersonRole;
  character_name: string | null;
  billing_order: number | null;
}

/** What a kind reads in an answer: cleaned, and neither compared nor judged. */
export interface Answered {
  found: boolean;
  /** Its name; empty: none was given. */
  text: string;
  original: string | null;
  /** Its name in the language of the text; it proves nothing. */
  localized: string | null;
  others: string[];
  year: number | null;
  /** By column; what is `null` is not known. */
  facts: Record<string, string | null>;
  credits: Credited[];
  genres: string[];
  namesakes: { text: string; year: number | null }[];
  /** As it was written: markup in it is a fault, and not yet taken out. */
  prose: string;
}

/** How texts of one kind are written. */
export interface TextKind {
  /** The form of an answer with facts and a text, and of one with a text alone. */
  facts: AnswerForm;
  text: AnswerForm;
  /** What a text about it tells, and what it leaves out. */
  about: string;
  /** Its parts, in their order. */
  outline: readonly string[];
  /** Reads an answer that fits the schema of its word. */
  read: (output: never) => Answered;
  /** Reads what a request gives, under this name and of this year. */
  given: (facts: GivenFacts, named: { text: string; year: number | null }) => Answered;
  /** The text of one that fits the schema of a text alone. */
  prose: (output: never) => string;
  /** The name beside that text; `null`: none is told. */
  localized: (output: never, year: number | null) => string | null;
  /** Fields in whose place anything may stand: what is no text is then not known. */
  spare: readonly string[];
  sample: (data: Record<string, unknown>) => object;
}

/** One try of a job: what counts its calls, what ends it before its time, and the step of a trace that it is. */
export interface Try {
  meter: Meter;
  signal: AbortSignal;
  span: Span;
  /** Told of each answer that a gate has stopped, once it is known what became of it. */
  stopped: (stop: Stop) => void;
}

/** What the folder of a kind provides. Names of tables, fields and queues stand in its row of `KINDS`. */
export interface KindFolder {
  /** The class of a request. `check` throws if valid fields contradict each other. */
  request: { dto: Type<object>; check: (dto: never) => unknown };
  /** Its routes. Only a server loads them. */
  routes: () => Promise<DynamicModule>;
  /** Only a worker loads it. */
  kind: () => Promise<TextKind>;
}
