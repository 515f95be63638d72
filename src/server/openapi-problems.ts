import type { Problem } from '../http/problem.js';
import { titleOf } from '../http/problem.js';

export interface Answer {
  description: string;
  headers?: Record<string, Record<string, unknown>>;
  content?: Record<string, { schema: { $ref?: string }; example?: unknown; examples?: Record<string, object> }>;
}

const TYPE = 'application/problem+json';
const exampleOf = ({ content }: Answer) => content![TYPE]!.example as Problem;

export const isProblem = ({ content = {} }: Answer) => TYPE in content;

/**
 * Makes one response of all problems with one status. It has the headers of all of them and the most frequent example.
 * The other problems of an operation go into its description: the detail, or the wrong field. Changes the answers.
 */
export function oneProblemEach(responses: Record<string, Answer>[]): void {
  const all = responses.flatMap((one) => Object.entries(one)).filter(([, answer]) => isProblem(answer));
  for (const status of new Set(all.map(([one]) => one))) {
    const same = all.filter(([one]) => one === status).map(([, answer]) => answer);
    const headers = Object.assign({}, ...same.map((answer) => answer.headers)) as object;
    const usual = { ...mostSaid(same) };
    for (const answer of same) {
      const explanation = explanationOf(answer);
      const description = explanation === explanationOf(usual) ? titleOf(Number(status)) : explanation;
      // In one order, for they are compared as texts.
      delete answer.headers;
      delete answer.content;
      Object.assign(answer, { description }, Object.keys(headers).length > 0 && { headers: { ...headers } });
      answer.content = usual.content;
    }
  }
}

/** What is wrong: `/locale must be one of …`, or a whole sentence. */
function explanationOf(answer: Answer): string {
  const { detail, errors } = exampleOf(answer);
  return errors ? errors.map((error) => `${error.pointer} ${error.detail}`).join('; ') : detail;
}

function mostSaid(answers: Answer[]): Answer {
  const times = (answer: Answer) => answers.filter((other) => explanationOf(other) === explanationOf(answer)).length;
  return answers.reduce((most, answer) => (times(answer) > times(most) ? answer : most));
}
