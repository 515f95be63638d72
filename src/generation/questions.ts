import type { TextRow } from '../catalog/reading.js';
import { KINDS } from '../domain/kinds.js';
import type { Ask, SchemaName } from '../llm/llm.js';
import { type Asked, askedData } from './asked.js';
import type { Answered } from './kind.js';
import { promptOf, repairOf } from './prompts/prompts.js';
import { SCHEMAS } from './schemas.js';

/** A question, and the texts that its answer must differ from. */
export interface Question {
  ask: Ask;
  siblings: string[];
}

interface About {
  asked: Asked;
  texts: TextRow[];
  facts?: Record<string, unknown>;
  sample: Ask['sample'];
  traceparent: string | null;
}

/** For facts and a text. */
export const factsQuestion = (about: About): Question => question(KINDS[about.asked.entity].word, about);

/** For a text about what is known. */
export const textQuestion = (about: About): Question => question(`${KINDS[about.asked.entity].word}_text`, about);

function question(schema: SchemaName, { asked, texts, facts, sample, traceparent }: About): Question {
  const { locale, context_tag } = asked;
  const siblings = texts.filter((text) => text.locale === locale).map(({ text }) => text);
  const prompt = promptOf({ schema, locale, context_tag, asked: askedData(asked), facts, existing: siblings });
  return { ask: { name: schema, ...prompt, schema: SCHEMAS[schema], sample, traceparent }, siblings };
}

/** Whether two names mean the same. */
export function identityQuestion(asked: Asked, answered: Answered, before: Ask): Ask {
  const { locale, context_tag, entity } = asked;
  const { text, original, others, year, credits } = answered;
  const kind = KINDS[entity];
  const told = {
    [kind.text]: text,
    other_names: original === null ? others : [original, ...others],
    [kind.year]: year,
    known_for: credits.slice(0, 5).map((credit) => credit.text),
  };
  const prompt = promptOf({ schema: 'identity', locale, context_tag, asked: askedData(asked), answered: told });
  return { ...before, name: 'identity', ...prompt, schema: SCHEMAS.identity };
}

/** The same question once more, with the answer and what was wrong with it. */
export const repaired = ({ ask }: Question, reason: string, answer: unknown): Ask => ({
  ...ask,
  data: { ...ask.data, ...repairOf({ reason }, answer) },
});
