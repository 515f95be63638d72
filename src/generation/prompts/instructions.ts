import { GenerationFailure } from '../../domain/failure.js';
import type { EntityKind } from '../../domain/kinds.js';
import type { PromptVersion } from '../../domain/prompt-versions.js';
import { toneOf } from '../../domain/tones.js';
import type { ContextTag, Locale } from '../../domain/vocabulary.js';
import type { Instructing } from './told.js';
import { v1 } from './v1.js';
import { v2 } from './v2.js';

/** What each version says. A further one is a file here, and a word in src/domain/prompt-versions.ts. */
export const INSTRUCTIONS: Record<PromptVersion, Instructing> = { v1, v2 };

/** What instructions are asked for. */
interface Wanted {
  version: PromptVersion;
  entity: EntityKind;
  /** What a text tells; missing: no text is asked for. */
  about?: string;
  outline: readonly string[];
  locale: Locale;
  context_tag: ContextTag;
  given?: boolean;
}

/** All that instructs, the stable parts first. Nothing of it is from a request but the choice of words of ours. */
export function instructionsFor(fields: string[], wanted: Wanted): string {
  const { version, entity, about, outline, locale, context_tag, given = false } = wanted;
  const instruct = INSTRUCTIONS[version];
  if (about === undefined) return instruct({ fields }).join('\n');
  const text = { about, outline, locale, manner: mannerOf(entity, context_tag), given };
  return instruct({ fields, text }).join('\n');
}

/** @throws GenerationFailure when the tone was taken out of the settings since it was asked for */
function mannerOf(entity: EntityKind, tag: ContextTag): string {
  const tone = toneOf(tag);
  if (tone) return tone.instructions[entity].replace(/\.$/, '');
  const message = `This server has no tone “${tag}” any more. Ask for another, or have it put back into TONES_FILE.`;
  throw new GenerationFailure('VALIDATION_ERROR', message, { retryable: false });
}
