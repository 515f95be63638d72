import { useLoad } from '../data/load.ts';
import { api, by, listContextTags, listGenres, listLocales } from '../data/api.ts';
import { place } from '../data/place.ts';
import { language, words } from '../words/words.ts';
import { languageName } from '../words/numbers.ts';
import type { Variant } from './subject.ts';

const LOCALES = { en: 'en-US', pl: 'pl-PL', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' } as const;

/** In which texts are read when the address names none. */
export const ownLocale = () => LOCALES[language.value];

/** An operator may have made tones of their own, for which there is no word. */
export const toneName = (tone: string) => words.value.read.tones[tone] ?? tone;

export const variantName = ({ locale, context_tag }: Variant) => `${languageName(locale)}, ${toneName(context_tag)}`;

export const keyOf = ({ locale, context_tag }: Variant) => `${locale}/${context_tag}`;

export function variantOf(key: string): Variant | undefined {
  const [locale, context_tag] = key.split('/', 2);
  return locale && context_tag ? { locale, context_tag } : undefined;
}

/** The address of a text, with what is open besides it. */
export const textQuery = ({ locale, context_tag }: Variant, more: Record<string, string | undefined> = {}) => {
  const { query } = place.value;
  const kept = { with: query.get('with') ?? undefined, versions: query.get('versions') ?? undefined };
  return { locale, tone: context_tag, ...kept, ...more };
};

/** What there is to choose from; the same for every film. */
export const useGenres = () => {
  const locale = ownLocale();
  return useLoad(
    async (signal) => (await listGenres({ ...by(api()), query: { locale }, signal })).data.results,
    [locale],
    { keeps: true },
  );
};
export const useTones = () =>
  useLoad(async (signal) => (await listContextTags({ ...by(api()), signal })).data.results, []);
export const useLocales = () =>
  useLoad(async (signal) => (await listLocales({ ...by(api()), signal })).data.results, []);
