import type { Locale } from '../domain/vocabulary.js';
import { FIRST_SAMPLES, type Sample } from './mock-texts.js';
import { TEXTS_BEYOND_LATIN } from './mock-texts-beyond.js';
import { LATIN_TEXTS } from './mock-texts-latin.js';

/** The label stands first; an empty line follows it, and each place. */
function read(text: string): Sample {
  const [label, ...places] = text
    .trim()
    .split('\n\n')
    .map((block) => block.split('\n'));
  return { label: label![0]!, places };
}

const readAll = <Tag extends string>(texts: Record<Tag, string>) =>
  Object.fromEntries(Object.entries<string>(texts).map(([tag, text]) => [tag, read(text)])) as Record<Tag, Sample>;

const LATIN = readAll(LATIN_TEXTS);

/** Texts of every locale; what differs by region alone has one. */
export const SAMPLES: Record<Locale, Sample> = {
  ...FIRST_SAMPLES,
  ...LATIN,
  ...readAll(TEXTS_BEYOND_LATIN),
  'en-GB': FIRST_SAMPLES['en-US'],
  'es-MX': FIRST_SAMPLES['es-ES'],
  'pt-PT': LATIN['pt-BR'],
};
