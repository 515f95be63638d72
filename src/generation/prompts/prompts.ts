import { CONTEXTS, type ContextTag, type Locale, LOCALES } from '../../domain/vocabulary.js';
import type { AnswerName } from '../../llm/llm.js';

export interface PromptAsk {
  schema: AnswerName;
  locale: Locale;
  context_tag: ContextTag;
  asked: { text: string | null; slug: string; year: number | null; director?: string | null };
  facts?: object;
  existing?: string[];
  answered?: object;
}

export function promptOf(ask: PromptAsk): { instructions: string; data: Record<string, unknown> } {
  const { schema, locale, context_tag, asked, facts, existing, answered } = ask;
  const isPerson = schema.startsWith('person') || (answered !== undefined && 'name' in answered);
  const [name, year] = isPerson ? ['name', 'birth_year'] : ['title', 'release_year'];
  return {
    instructions: `Answer with ${schema}, in ${LOCALES[locale]}, ${CONTEXTS[context_tag]}.`,
    data: {
      ...(facts && { facts }),
      [name]: asked.text,
      slug: asked.slug,
      [year]: asked.year,
      ...(asked.director && { director: asked.director }),
      locale,
      context_tag,
      existing,
      answered,
    },
  };
}

export const repairOf = ({ reason }: { reason: string }, answer: string): string =>
  JSON.stringify({ wrong: reason, answer });
