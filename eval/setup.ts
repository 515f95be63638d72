import { join } from 'node:path';
import type { Config } from '../src/config/config.js';
import type { Llm } from '../src/llm/llm.js';
import { DEFAULT_PROMPT } from '../src/domain/prompt-versions.ts';
import type { Locale } from '../src/domain/vocabulary.js';
import { type CaseAsked, idOf } from './case.ts';
import type { Options } from './options.ts';
import { hashOfPrompts, type Questioned } from './plan.ts';
import type { Program } from './program.ts';
import type { RunSettings } from './records.ts';
import { EvalError } from './store.ts';
import { keyOf, sampled, subjectsIn, twinsAmong } from './subjects.ts';

/** Settings that say what is asked, and how. Others are those of a server. */
const READ =
  /^(?:AI_SERVICE|OPENAI_(?:API_KEY|API_KEY_FILE|BASE_URL|MODEL|TIMEOUT_MS)|MODEL_PRICES|LOCALES|TONES_FILE|PROMPT_VERSION)$/;

/** The environment with the file `.env` of this folder. */
export function environmentOf({ config, environment }: Program): NodeJS.ProcessEnv {
  return tellingWrong(config, () => {
    environment.readEnvFile();
    return process.env;
  });
}

export function configOf({ config }: Program, environment: NodeJS.ProcessEnv): Config {
  const read = Object.entries(environment).filter(([name]) => READ.test(name));
  return tellingWrong(config, () => new config.Config({ ...Object.fromEntries(read), MOCK_LATENCY_MS: '0' }));
}

/** A wrong setting is one line. @throws EvalError */
function tellingWrong<T>({ ConfigError }: Program['config'], read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ConfigError ? new EvalError(error.message) : error;
  }
}

/** Neither watched nor counted by a server: nobody has to be told that it is away. */
export const llmOf = ({ mock, openai }: Program, { aiService, openai: settings }: Config): Llm =>
  aiService === 'mock' ? new mock.MockLlm(0) : new openai.OpenAiLlm(settings);

/** Sets the words that texts can be asked for in. @throws EvalError for others */
export function checkWords({ tones, vocabulary }: Program, config: Config, { locale, tone }: Options): void {
  tones.speak(config.locales, config.tones);
  const refuse = (name: string, asked: string[], known: readonly string[]) => {
    const unknown = asked.find((one) => !known.includes(one));
    if (unknown !== undefined) throw new EvalError(`${name} takes ${known.join(', ')}; ${unknown} is none of them`);
  };
  refuse('--locale', locale, vocabulary.LOCALE_TAGS);
  refuse('--tone', tone, vocabulary.CONTEXT_TAGS);
}

/** All cases of a run, each film or person in all locales before the next. */
export function casesOf({ sample, kind, seed, locale, tone, blind }: Options): CaseAsked[] {
  const all = subjectsIn('examples', kind);
  const twins = twinsAmong(all);
  return sampled(all, sample, seed).flatMap((subject) =>
    (locale as Locale[]).map((one) => ({
      subject,
      locale: one,
      tones: tone,
      blind: blind === true && !twins.has(keyOf(subject)),
    })),
  );
}

export function settingsOf(
  program: Program,
  config: Config,
  options: Options,
  { model, prompt }: Questioned,
): RunSettings {
  const { kind, seed, locale, tone, blind, stub } = options;
  const { aiService, openai } = config;
  const service = stub ? 'stub' : (openai.baseUrl ?? 'https://api.openai.com/v1');
  return {
    version: 1,
    model,
    service: aiService === 'mock' ? null : hostOf(service),
    kind,
    sample: Math.min(options.sample, subjectsIn('examples', kind).length),
    seed,
    locales: locale as Locale[],
    tones: tone,
    blind: blind === true,
    prompt,
    prompts: hashOfPrompts(program, prompt, options),
  };
}

/** Without path, user and key. */
const hostOf = (address: string) => (URL.canParse(address) ? new URL(address).host : address);

/** Where the results go: the same for the same question, so that the same command goes on. */
export function folderOf({ out, kind, locale, tone, blind, seed }: Options, { model, prompt }: Questioned): string {
  if (out !== undefined) return out;
  const words = [
    model,
    prompt === DEFAULT_PROMPT ? '' : prompt,
    kind === 'all' ? '' : kind,
    ...locale,
    ...tone,
    blind ? 'blind' : '',
    seed === 1 ? '' : `${seed}`,
  ];
  const name = words.filter(Boolean).join('-').toLowerCase();
  return join('eval', 'results', name.replaceAll(/[^a-z0-9.]+/g, '-'));
}

export const idsOf = (cases: CaseAsked[]): Set<string> => new Set(cases.map(idOf));
