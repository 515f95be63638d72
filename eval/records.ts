import type { EntityKind } from '../src/domain/kinds.js';
import type { PromptVersion } from '../src/domain/prompt-versions.js';
import type { ErrorType, Locale } from '../src/domain/vocabulary.js';
import type { Spent } from './spending.ts';

/** What was found of one text. What could not be judged is `null`. */
export interface Judged {
  /** Whether the first answer fits its schema. */
  schema: boolean | null;
  /** Whether it is about what was asked for; of an answer with facts, as the three that follow. */
  identity: boolean | null;
  year: boolean | null;
  director: boolean | null;
  original_title: boolean | null;
  birth_date: boolean | null;
  /** Of the first text, as it was written. */
  language: boolean | null;
  length: boolean | null;
  words: number | null;
  /** No sign that it tells how the film ends. */
  ending_untold: boolean | null;
  /** Every gate that it would not pass. */
  hits: string[];
  /** Of its runs of three words the part that an earlier tone's first text has too, 0 to 1. */
  similarity: number | null;
}

/** One text, in one locale and tone. */
export interface TextRecord extends Judged, Spent {
  tone: string;
  outcome: 'DONE' | ErrorType;
  /** Why there is no text; `null`: there is one. */
  message: string | null;
  /** Whether facts were asked for as well. */
  with_facts: boolean;
  repaired: boolean;
  /** Gates that answers met, in order. */
  met: string[];
  duration_ms: number;
  /** The text that is fit, else the first one; `null`: none was written. */
  text: string | null;
}

/** The texts of one film or person in one locale: a unit of the run, done as a whole or begun anew. */
export interface CaseRecord {
  id: string;
  entity: EntityKind;
  subject: string;
  year: number;
  imdb: string | null;
  locale: Locale;
  texts: TextRecord[];
}

/** What says that two runs measure the same thing. */
export interface RunSettings {
  /** Of the results' form. */
  version: 1;
  model: string;
  /** Where it answers; `null`: it is the mock. */
  service: string | null;
  kind: string;
  sample: number;
  seed: number;
  locales: Locale[];
  tones: string[];
  /** Whether films and people were asked for without their years. */
  blind: boolean;
  /** The version of the prompts. */
  prompt: PromptVersion;
  /** Of the prompts' words: of two runs with the same, the models differ alone. */
  prompts: string;
}
