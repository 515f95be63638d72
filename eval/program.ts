import 'reflect-metadata';
import type * as Facts from '../src/catalog/facts.js';
import type * as Configuration from '../src/config/config.js';
import type * as Environment from '../src/config/environment.js';
import type * as Failures from '../src/domain/failure.js';
import type * as Kinds from '../src/domain/kinds.js';
import type * as Slugs from '../src/domain/slug.js';
import type * as Tones from '../src/domain/tones.js';
import type * as Usage from '../src/domain/usage.js';
import type * as Vocabulary from '../src/domain/vocabulary.js';
import type * as Asked from '../src/generation/asked.js';
import type * as Gates from '../src/generation/gates/gates.js';
import type * as Length from '../src/generation/gates/length.js';
import type * as Sameness from '../src/generation/gates/sameness.js';
import type * as Words from '../src/generation/gates/words.js';
import type * as Generate from '../src/generation/generate.js';
import type * as Verdict from '../src/generation/identity/verdict.js';
import type * as Questions from '../src/generation/questions.js';
import type * as StructuredOutput from '../src/generation/structured-output.js';
import type * as Budget from '../src/ledger/budget.js';
import type * as MockLlm from '../src/llm/mock-llm.js';
import type * as OpenAiLlm from '../src/llm/openai-llm.js';
import type * as Movies from '../src/movies/movies.kind.js';
import type * as People from '../src/people/people.kind.js';

/** What is measured: the modules that a worker writes texts with, and nothing that needs a database. */
export interface Program {
  facts: typeof Facts;
  config: typeof Configuration;
  environment: typeof Environment;
  failure: typeof Failures;
  kinds: typeof Kinds;
  slug: typeof Slugs;
  tones: typeof Tones;
  usage: typeof Usage;
  vocabulary: typeof Vocabulary;
  asked: typeof Asked;
  gates: typeof Gates;
  length: typeof Length;
  sameness: typeof Sameness;
  words: typeof Words;
  generate: typeof Generate;
  verdict: typeof Verdict;
  questions: typeof Questions;
  output: typeof StructuredOutput;
  budget: typeof Budget;
  mock: typeof MockLlm;
  openai: typeof OpenAiLlm;
  movies: typeof Movies;
  people: typeof People;
}

/** Their places below src/. */
const PLACES: Record<keyof Program, string> = {
  facts: 'catalog/facts',
  config: 'config/config',
  environment: 'config/environment',
  failure: 'domain/failure',
  kinds: 'domain/kinds',
  slug: 'domain/slug',
  tones: 'domain/tones',
  usage: 'domain/usage',
  vocabulary: 'domain/vocabulary',
  asked: 'generation/asked',
  gates: 'generation/gates/gates',
  length: 'generation/gates/length',
  sameness: 'generation/gates/sameness',
  words: 'generation/gates/words',
  generate: 'generation/generate',
  verdict: 'generation/identity/verdict',
  questions: 'generation/questions',
  output: 'generation/structured-output',
  budget: 'ledger/budget',
  mock: 'llm/mock-llm',
  openai: 'llm/openai-llm',
  movies: 'movies/movies.kind',
  people: 'people/people.kind',
};

/** @param load brings a module by its place */
export async function programFrom(load: (place: string) => Promise<unknown>): Promise<Program> {
  const modules = Object.entries(PLACES).map(async ([name, place]) => [name, await load(place)] as const);
  return Object.fromEntries(await Promise.all(modules)) as unknown as Program;
}

/** As it is built: Node strips types, and decorators are more than that. */
export const builtProgram = (): Promise<Program> =>
  programFrom((place) => import(new URL(`../dist/modules/src/${place}.js`, import.meta.url).href));
