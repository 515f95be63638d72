import type { CaseRecord, RunSettings, TextRecord } from './records.ts';
import { EvalError, type Results } from './store.ts';

/** What two runs have both measured. */
export interface Comparable {
  before: CaseRecord[];
  after: CaseRecord[];
  tones: string[];
  /** Tones that one of them asked for alone, or in another place. */
  leftOut: string[];
}

/** Only the first tone of a film is asked for with facts, so in another place a tone is another question. */
const isFirst = (tone: string, { tones }: RunSettings) => tones.indexOf(tone) === 0;
const earlier = (tone: string, { tones }: RunSettings) => tones.slice(0, tones.indexOf(tone)).sort().join();

/** @throws EvalError where they do not measure the same thing */
export function comparable({ run: one, cases: before }: Results, { run: other, cases: after }: Results): Comparable {
  if (one.blind !== other.blind)
    throw new EvalError(
      `the run ${one.blind ? 'before' : 'after'} was asked with --blind, and the other one was told the years: ` +
        'compare two that were asked alike',
    );
  const tones = one.tones.filter((tone) => other.tones.includes(tone) && isFirst(tone, one) === isFirst(tone, other));
  if (tones.length === 0)
    throw new EvalError(
      `no tone of the two runs can be compared: ${one.tones.join(', ')} before, ${other.tones.join(', ')} after. ` +
        'The first tone is asked for with facts, a later one without',
    );
  const alike = tones.filter((tone) => earlier(tone, one) === earlier(tone, other));
  const of = (text: TextRecord) => (alike.includes(text.tone) ? text : { ...text, similarity: null });
  const only = (cases: CaseRecord[]) =>
    cases.map((found) => ({ ...found, texts: found.texts.filter(({ tone }) => tones.includes(tone)).map(of) }));
  const all = new Set([...one.tones, ...other.tones]);
  return { before: only(before), after: only(after), tones, leftOut: [...all].filter((tone) => !tones.includes(tone)) };
}

/** A sentence on the prompts. Their hash is of the languages and tones that were asked for. */
export function promptsCompared(before: RunSettings, after: RunSettings): string {
  if (before.prompts === after.prompts) return 'The prompts are the same.';
  const asked = ({ locales, tones }: RunSettings) => JSON.stringify([locales, tones]);
  if (before.prompt !== after.prompt || asked(before) === asked(after)) return 'The prompts differ.';
  return 'Whether the prompts are the same cannot be told: other tones or languages were asked for.';
}
