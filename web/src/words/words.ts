import { computed, signal } from '@preact/signals';
import { preference } from '../data/session.ts';
import { en } from './en/en.ts';

/** Everything that the page says. English is there at once, the others are loaded when they are chosen. */
export type Words = typeof en;

/** The page's own languages, each by its own name. */
export const LANGUAGES = { en: 'English', pl: 'Polski', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

const LOAD: Record<Exclude<Language, 'en'>, () => Promise<Words>> = {
  pl: async () => (await import('./pl/pl.ts')).pl,
  de: async () => (await import('./de/de.ts')).de,
  fr: async () => (await import('./fr/fr.ts')).fr,
  es: async () => (await import('./es/es.ts')).es,
};

const wanted = preference('language', '');
const current = signal<{ language: Language; words: Words }>({ language: 'en', words: en });

export const words = computed(() => current.value.words);
export const language = computed(() => current.value.language);

const isLanguage = (code: string | undefined): code is Language => code !== undefined && code in LANGUAGES;

/** The chosen language, else the first of the browser's that the page speaks. */
export function preferredLanguage(): Language {
  if (isLanguage(wanted.value)) return wanted.value;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

/** A language that cannot be loaded is left out: the page stays as it is. */
export async function speak(code: Language): Promise<void> {
  const spoken = code === 'en' ? en : await LOAD[code]().catch(() => null);
  if (!spoken) return;
  current.value = { language: code, words: spoken };
  document.documentElement.lang = code;
}

export function choose(code: Language): Promise<void> {
  wanted.value = code;
  return speak(code);
}
