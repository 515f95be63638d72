import type { PromptVersion } from './prompt-versions.js';

/**
 * What a text is held against, in the order in which it is asked; src/generation/gates/ has what each looks for.
 * Metrics have them as labels, so the list is closed.
 */
export const TEXT_GATES = [
  'refusal',
  'itself',
  'code',
  'markup',
  'placeholder',
  'prompt',
  'address',
  'language',
  'length',
  'repetition',
  'elsewhere',
  'beyond',
  'against',
  'sameness',
  'ending',
] as const;
export type TextGate = (typeof TEXT_GATES)[number];

/** All that an answer passes: first it must be an object that fits, and about what was asked for. */
export const GATE_NAMES = ['json', 'schema', 'identity', ...TEXT_GATES] as const;
export type GateName = (typeof GATE_NAMES)[number];

/** What became of an answer that did not pass: the next one did, or no fit one has followed in this try. */
export const GATE_OUTCOMES = ['repaired', 'refused'] as const;
export type GateOutcome = (typeof GATE_OUTCOMES)[number];

/** An answer that a gate has stopped. */
export interface Stop {
  gate: GateName;
  outcome: GateOutcome;
  prompt_version: PromptVersion;
}
