import type { EntityKind } from './kinds.js';
import { chooseWords, type ContextTag, DEFAULT_CONTEXT, type Locale } from './vocabulary.js';

/** A manner of writing. Its name is the context tag of requests. */
export interface Tone {
  name: ContextTag;
  /** For people who choose; `null`: there is none. */
  description: string | null;
  /** For the model: how it is to write, and what the text must not become. */
  instructions: Record<EntityKind, string>;
}

const tone = (name: ContextTag, description: string, bounds: string): Tone => {
  const instructions = `${description}; ${bounds}`;
  return { name, description, instructions: { MOVIE: instructions, PERSON: instructions } };
};

/** The tones without TONES_FILE. */
export const BUILT_IN: readonly Tone[] = [
  tone(DEFAULT_CONTEXT, 'neutral and informative', 'no advertising, and no praise without a reason'),
  tone(
    'modern',
    'contemporary, speaking to a young audience of today',
    'clear and direct, without slang that is forgotten in a year',
  ),
  tone(
    'critical',
    'that of a demanding film critic',
    'name strengths and weaknesses, each with a reason; judge the work and not the people',
  ),
  tone(
    'humorous',
    'witty and light',
    'joke about the story and its ideas, never at the cost of real people, of groups or of misfortune',
  ),
];

let tones: readonly Tone[] = BUILT_IN;

/** The tones that requests may use. */
export const tonesInUse = (): readonly Tone[] => tones;

/** The tone of this name; `undefined`: a request could use it once, and the settings have it no more. */
export const toneOf = (name: ContextTag): Tone | undefined => tones.find((tone) => tone.name === name);

/** Sets locales and tones of this process. Called once, before the routes are loaded. */
export function speak(locales: Locale[], chosen: readonly Tone[]): void {
  tones = chosen;
  chooseWords(
    locales,
    chosen.map(({ name }) => name),
  );
}
