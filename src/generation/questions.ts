import type { TextRow } from '../catalog/reading.js';
import { KINDS } from '../domain/kinds.js';
import type { Ask, AnswerName } from '../llm/llm.js';
import type { Asked } from './asked.js';
import { sentencesOf } from './gates/sentences.js';
import type { Answered, TextKind } from './kind.js';
import { promptOf, repairOf } from './prompts/prompts.js';
import { type AnswerForm, IDENTITY } from './schemas.js';

/** A question, and the texts that its answer must differ from. */
export interface Question {
  ask: Ask;
  siblings: string[];
}

interface About {
  kind: TextKind;
  asked: Asked;
  texts: TextRow[];
  facts?: Record<string, unknown>;
  traceparent: string | null;
}

/** For facts and a text. */
export const factsQuestion = (about: About): Question =>
  question(KINDS[about.asked.entity].word, about.kind.facts, about);

/** For a text about what is known. */
export const textQuestion = (about: About): Question =>
  question(`${KINDS[about.asked.entity].word}_text`, about.kind.text, about);

function question(name: AnswerName, { schema, fields }: AnswerForm, about: About): Question {
  const { kind, asked, texts, facts, traceparent } = about;
  const { entity, locale, context_tag } = asked;
  const tone = (text: TextRow) => Number(text.context_tag === context_tag);
  const own = texts.filter((text) => text.locale === locale).sort((a, b) => tone(b) - tone(a));
  const siblings = own.map(({ text }) => text);
  const existing = siblings.map((text) => sentencesOf(text)[0]?.trim() ?? '');
  const prompt = promptOf({ entity, fields, about: kind.about, locale, context_tag, asked, facts, existing });
  return { ask: { name, ...prompt, schema, sample: kind.sample, traceparent }, siblings };
}

/** Whether two names mean the same. */
export function identityQuestion(asked: Asked, answered: Answered, before: Ask): Ask {
  const { locale, context_tag, entity } = asked;
  const { text, original, others, year, credits } = answered;
  const kind = KINDS[entity];
  const told = {
    [kind.text]: text,
    other: original === null ? others : [original, ...others],
    [kind.year]: year,
    known_for: credits.slice(0, 5).map((credit) => credit.text),
  };
  const { schema, fields } = IDENTITY;
  const prompt = promptOf({ entity, fields, locale, context_tag, asked, answered: told });
  return { ...before, name: 'identity', ...prompt, schema };
}

/** The same question once more, with the answer and what was wrong with it. */
export function repaired({ ask }: Question, reason: string, output: unknown): Ask {
  const answer = JSON.stringify(output);
  return { ...ask, before: { answer, further: repairOf({ reason }, answer) } };
}
