import { createHash } from 'node:crypto';
import type { PromptVersion } from '../src/domain/prompt-versions.js';
import type { Ask } from '../src/llm/llm.js';
import type { Locale } from '../src/domain/vocabulary.js';
import { type CaseAsked, jobOf } from './case.ts';
import { kindOf } from './judging.ts';
import type { Options } from './options.ts';
import type { Program } from './program.ts';
import { type Tokens, tokensIn } from './spending.ts';

/**
 * An answer with facts and a text, and one with a text alone, tokens of English: a text of 150 words has about 200, and
 * the facts of a film with twelve credits two to three times that.
 */
const ANSWER = { facts: 900, text: 260 };
/** What the facts of a film add to the question for a further tone, tokens. */
const FACTS = 350;
/** Calls more than one a text: a repair now and then, or the question whose an answer is. */
const FURTHER = 0.25;
/** Languages whose words are more tokens than English ones: texts in another script, about. */
const OTHER_SCRIPT = 2;

/** What is asked of a model, and with which version of the prompts. */
export interface Questioned {
  model: string;
  prompt: PromptVersion;
}

/** What a model is asked first in a case, and what in each further tone. */
function questionsOf(
  program: Program,
  asked: CaseAsked,
  { model, prompt }: Questioned,
): Omit<Ask, 'model' | 'traceparent'>[] {
  const kind = kindOf(program, asked.subject);
  return asked.tones.map((tone, n) => {
    const about = {
      version: prompt,
      kind,
      asked: program.asked.askedBy(jobOf(program, asked, tone, model)),
      texts: [],
    };
    const { factsQuestion, textQuestion } = program.questions;
    return (n === 0 ? factsQuestion(about) : textQuestion({ ...about, facts: {} })).ask;
  });
}

const askedIn = ({ instructions, data, schema }: Pick<Ask, 'instructions' | 'data' | 'schema'>) =>
  tokensIn(instructions + JSON.stringify(data) + JSON.stringify(schema));

/** Tokens of these cases, about, from the length of their prompts. */
export function estimated(program: Program, cases: CaseAsked[], questioned: Questioned): Tokens & { calls: number } {
  const total = { calls: 0, input: 0, output: 0 };
  for (const asked of cases) {
    const isLatin = new Intl.Locale(asked.locale).maximize().script === 'Latn';
    for (const [n, ask] of questionsOf(program, asked, questioned).entries()) {
      total.calls += 1 + FURTHER;
      total.input += (askedIn(ask) + (n === 0 ? 0 : FACTS)) * (1 + FURTHER);
      total.output += (n === 0 ? ANSWER.facts : ANSWER.text) * (isLatin ? 1 : OTHER_SCRIPT) * (1 + FURTHER);
    }
  }
  return { calls: Math.ceil(total.calls), input: Math.ceil(total.input), output: Math.ceil(total.output) };
}

/** Somebody, or a film, that stands for all: what is asked about does not count. */
const ANYTHING = { text: 'A', year: 2000, directors: [], originalTitle: null, birthDate: null, imdb: null };

/** Short, and another when the words change that instruct, or the schemas. */
export function hashOfPrompts(
  program: Program,
  prompt: PromptVersion,
  { locale, tone }: Pick<Options, 'locale' | 'tone'>,
): string {
  const hash = createHash('sha256');
  for (const entity of program.kinds.ENTITIES)
    for (const one of locale)
      for (const first of tone) {
        const asked = { subject: { ...ANYTHING, entity }, locale: one as Locale, tones: [first, first], blind: false };
        for (const { instructions, schema } of questionsOf(program, asked, { model: '', prompt }))
          hash.update(JSON.stringify([instructions, schema]));
      }
  return hash.digest('hex').slice(0, 12);
}
