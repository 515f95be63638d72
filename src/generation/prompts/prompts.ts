import { CONTEXTS, type ContextTag, type Locale, LOCALES } from '../../domain/vocabulary.js';
import type { SchemaName } from '../schemas.js';

export interface PromptOf {
  schema: SchemaName;
  locale: Locale;
  context_tag: ContextTag;
  asked: Record<string, unknown>;
  facts?: Record<string, unknown>;
  existing?: string[];
  answered?: Record<string, unknown>;
}

export interface Prompt {
  instructions: string;
  data: Record<string, unknown>;
}

export function promptOf({ schema, locale, context_tag, asked, facts, existing, answered }: PromptOf): Prompt {
  return {
    instructions: `Answer with ${schema}, in ${LOCALES[locale]}, ${CONTEXTS[context_tag]}.`,
    data: { ...asked, locale, context_tag, facts, existing, answered },
  };
}

export const repairOf = ({ reason }: { reason: string }, answer: unknown): Record<string, unknown> => ({
  previous_answer: answer,
  reason,
});
