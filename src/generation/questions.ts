import type { TextRow } from '../domain/text.dto.js';
import { KINDS } from '../domain/kinds.js';
import type { PromptVersion } from '../domain/prompt-versions.js';
import type { Ask, AnswerName } from '../llm/llm.js';
import type { Asked } from './asked.js';
import { sentencesOf } from './gates/sentences.js';
import type { Answered, TextKind } from './kind.js';
import { promptOf, repairOf } from './prompts/prompts.js';
import { type AnswerForm, IDENTITY } from './schemas.js';

/** What is asked; whom, and in which trace, says who asks. */
export type Asking = Omit<Ask, 'model' | 'traceparent'>;

/** A question, and the texts that its answer must differ from. */
export interface Question {
  ask: Asking;
  siblings: string[];
}

/** A text that there is. */
export type Written = Pick<TextRow, 'locale' | 'context_tag' | 'text'>;

/** What a question is about. */
export interface About {
  version: PromptVersion;
  kind: TextKind;
  asked: Asked;
  texts: Written[];
  facts?: Record<string, unknown>;
  /** Whether the facts were given, and nothing else may be claimed. */
  given?: boolean;
}

/** For facts and a text. */
export const factsQuestion = (about: About): Question =>
  question(KINDS[about.asked.entity].word, about.kind.facts, about);

/** For a text about what is known. */
export const textQuestion = (about: About): Question =>
  question(`${KINDS[about.asked.entity].word}_text`, about.kind.text, about);

function question(name: AnswerName, { schema, fields }: AnswerForm, about: About): Question {
  const { version, kind, asked, texts, facts, given } = about;
  const { entity, locale, context_tag } = asked;
  const tone = (text: Written) => Number(text.context_tag === context_tag);
  const own = texts.filter((text) => text.locale === locale).sort((a, b) => tone(b) - tone(a));
  const siblings = own.map(({ text }) => text);
  const existing = siblings.map((text) => sentencesOf(text)[0]?.trim() ?? '');
  const told = { version, entity, fields, about: kind.about, outline: kind.outline, locale, context_tag };
  const prompt = promptOf({ ...told, asked, facts, given, existing });
  return { ask: { name, ...prompt, schema, sample: kind.sample }, siblings };
}

/** What is held against what was asked for: all of its names, the main one first, and who or what it is known for. */
export interface Held {
  names: string[];
  year: number | null;
  crew: string[];
}

export const heldOf = ({ text, original, others, year, credits }: Answered): Held => ({
  names: [text, ...(original === null ? [] : [original]), ...others],
  year,
  crew: credits.map((credit) => credit.text),
});

/** Whether two names mean the same. */
export function identityQuestion(
  asked: Asked,
  held: Held,
  { version, sample }: Pick<About, 'version'> & Pick<Ask, 'sample'>,
): Asking {
  const { locale, context_tag, entity } = asked;
  const kind = KINDS[entity];
  const [text, ...other] = held.names;
  const told = { [kind.text]: text, other, [kind.year]: held.year, known_for: held.crew.slice(0, 5) };
  const { schema, fields } = IDENTITY;
  const prompt = promptOf({ version, entity, fields, locale, context_tag, asked, answered: told });
  return { sample, name: 'identity', ...prompt, schema };
}

/** The same question once more, with the answer and what was wrong with it. */
export function repaired({ ask }: Question, reason: string, output: unknown): Asking {
  const answer = JSON.stringify(output);
  return { ...ask, before: { answer, further: repairOf({ reason }, answer) } };
}
