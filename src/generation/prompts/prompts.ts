import type { ContextTag, Locale } from '../../domain/vocabulary.js';
import { escaped } from '../../llm/data-block.js';
import { type EntityKind, KINDS } from '../../domain/kinds.js';
import type { PromptVersion } from '../../domain/prompt-versions.js';
import { instructionsFor } from './instructions.js';

export { escaped } from '../../llm/data-block.js';

/** What a question is made of. */
export interface PromptAsk {
  version: PromptVersion;
  entity: EntityKind;
  /** The fields of the answer in words. */
  fields: string[];
  /** What a text tells; missing: no text is asked for. */
  about?: string;
  /** The parts of a text, in their order; missing: none is asked for. */
  outline?: readonly string[];
  locale: Locale;
  context_tag: ContextTag;
  /** In the words of the request; `text` is `null` where only a slug was given. */
  asked: { text: string | null; slug: string; year: number | null; director?: string | null };
  /** What is known, for a text alone. */
  facts?: object;
  /** Whether the facts were given, and nothing else may be claimed. */
  given?: boolean;
  /** First sentences of the texts that exist. */
  existing?: string[];
  /** What is held against what was asked for, for `identity`. */
  answered?: object;
}

/** One call: what instructs, and what is data. Words of a request or a model are in the data alone. */
export function promptOf(ask: PromptAsk): { instructions: string; data: Record<string, unknown> } {
  const { version, entity, fields, about, outline = [], locale, context_tag, facts, given, existing, answered } = ask;
  const data = {
    ...(facts && { facts }),
    ...askedFor(ask),
    locale,
    context_tag,
    ...(existing?.length && { existing }),
    ...(answered && { answered }),
  };
  const wanted = { version, entity, about, outline, locale, context_tag, given };
  return { instructions: instructionsFor(fields, wanted), data };
}

function askedFor({ entity, asked }: PromptAsk) {
  const { text, slug, year, director } = asked;
  return { [KINDS[entity].text]: text, slug, [KINDS[entity].year]: year, ...(director && { director }) };
}

/** More of an unfit answer tells the model nothing new, characters. */
const MOST_OF_ANSWER = 8000;

/** The further user message of the one repair. Reason and answer may have a title in them, and are data too. */
export const repairOf = ({ reason }: { reason: string }, answer: string): string =>
  `Your answer was unfit. In this block, "wrong" is what is wrong with it, and "answer" is what you answered:
${escaped({ wrong: reason, answer: [...answer].slice(0, MOST_OF_ANSWER).join('') })}
Answer once more with the whole JSON object, and put right what is wrong. All instructions hold.`;
