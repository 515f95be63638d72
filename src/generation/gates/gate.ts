import type { TextGate } from '../../domain/gate-names.js';
import type { EntityKind } from '../../domain/kinds.js';
import type { Locale } from '../../domain/vocabulary.js';

/** What a text is held against. */
export interface GateContext {
  entity: EntityKind;
  locale: Locale;
  /** The title or name first, then its other ones. */
  names: string[];
  /** Of the release or of birth; `null`: not known. */
  year: number | null;
  /** People and films that the facts name. */
  known: string[];
  /** What the model was told to do. */
  instructions: string;
  /** The last version in this locale and tone first, then the other tones in this locale. */
  siblings: string[];
  /** All that the facts tell, where they were given and are all that may be claimed; missing: more may be. */
  given?: string;
  /** Who directed it, where that was looked up or corrected; missing: nobody knows better than the text. */
  directors?: string[];
}

/** Why a text is unfit, in plain English for the model and the operator: what is wrong, and what to do instead. */
export type Fault = {
  gate: TextGate;
  reason: string;
  /** The model does not want to write: when it is asked once more and still does not, the job ends as AI_REFUSED. */
  refusal?: true;
};

/** @returns the reason why the text is unfit, or `null` */
export type Gate = (text: string, context: GateContext) => string | null;
