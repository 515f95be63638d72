import { createHash } from 'node:crypto';
import type { Ask } from '../src/llm/llm.js';
import { type CaseAsked, jobOf } from './case.ts';
import { kindOf } from './judging.ts';
import type { Program } from './program.ts';
import { type Tokens, tokensIn } from './spending.ts';

/** Answers as they were counted with gpt-4.1-mini in English: facts with a text, and a text alone. Tokens. */
const ANSWER = { facts: 900, text: 260 };
/** What the facts of a film add to the question for a further tone, tokens. */
const FACTS = 350;
/** Calls more than one a text: a repair now and then, or the question whose an answer is. */
const FURTHER = 0.25;
/** Languages whose words are more tokens than English ones: texts in another script, about. */
const OTHER_SCRIPT = 2;

/** What a model is asked first in a case, and what in each further tone. */
function questionsOf(program: Program, asked: CaseAsked, model: string): Omit<Ask, 'model' | 'traceparent'>[] {
  const kind = kindOf(program, asked.subject);
  return asked.tones.map((tone, n) => {
    const about = { kind, asked: program.asked.askedBy(jobOf(program, asked, tone, model)), texts: [] };
    const { factsQuestion, textQuestion } = program.questions;
    return (n === 0 ? factsQuestion(about) : textQuestion({ ...about, facts: {} })).ask;
  });
}

const askedIn = ({ instructions, data, schema }: Pick<Ask, 'instructions' | 'data' | 'schema'>) =>
  tokensIn(instructions + JSON.stringify(data) + JSON.stringify(schema));

/** Tokens of these cases, about, from the length of their prompts. */
export function estimated(program: Program, cases: CaseAsked[], model: string): Tokens & { calls: number } {
  const total = { calls: 0, input: 0, output: 0 };
  for (const asked of cases) {
    const isLatin = new Intl.Locale(asked.locale).maximize().script === 'Latn';
    for (const [n, ask] of questionsOf(program, asked, model).entries()) {
      total.calls += 1 + FURTHER;
      total.input += (askedIn(ask) + (n === 0 ? 0 : FACTS)) * (1 + FURTHER);
      total.output += (n === 0 ? ANSWER.facts : ANSWER.text) * (isLatin ? 1 : OTHER_SCRIPT) * (1 + FURTHER);
    }
  }
  return { calls: Math.ceil(total.calls), input: Math.ceil(total.input), output: Math.ceil(total.output) };
}

/** Short, and another when the words change that instruct, or the schemas. What is asked about does not count. */
export function hashOfPrompts(program: Program, locales: CaseAsked['locale'][], tones: string[]): string {
  const hash = createHash('sha256');
  for (const entity of program.kinds.ENTITIES)
    for (const locale of locales) {
      const subject = {
        entity,
        text: 'A',
        year: 2000,
        directors: [],
        originalTitle: null,
        birthDate: null,
        imdb: null,
      };
      for (const first of tones)
        for (const { instructions, schema } of questionsOf(
          program,
          { subject, locale, tones: [first, first], blind: false },
          '',
        ))
          hash.update(JSON.stringify([instructions, schema]));
    }
  return hash.digest('hex').slice(0, 12);
}
