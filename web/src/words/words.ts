import { computed, signal } from '@preact/signals';
import { preference } from '../data/session.ts';
import type { en } from './en/en.ts';

/** Everything that the page says. A language is loaded when it is chosen. */
export type Words = typeof en;

/** The page's own languages, each by its own name. */
export const LANGUAGES = { en: 'English', pl: 'Polski', de: 'Deutsch', fr: 'Français', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

const LOAD: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en/en.ts')).en,
  pl: async () => (await import('./pl/pl.ts')).pl,
  de: async () => (await import('./de/de.ts')).de,
  fr: async () => (await import('./fr/fr.ts')).fr,
  es: async () => (await import('./es/es.ts')).es,
};

const wanted = preference('language', '');
/** Nothing is drawn before there is one. */
const current = signal<{ language: Language; words: Words } | null>(null);

export const words = computed(() => current.value!.words);
export const language = computed(() => current.value!.language);

const isLanguage = (code: string | undefined): code is Language => code !== undefined && code in LANGUAGES;

/** The chosen language, else the first of the browser's that the page speaks. */
export function preferredLanguage(): Language {
  if (isLanguage(wanted.value)) return wanted.value;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

/** A language that cannot be loaded is left out: the page stays as it is. @throws Error when there is none at all */
export async function speak(code: Language): Promise<void> {
  try {
    const spoken = await LOAD[code]();
    current.value = { language: code, words: spoken };
    document.documentElement.lang = code;
  } catch (error) {
    if (current.value === null) throw error;
  }
}

export function choose(code: Language): Promise<void> {
  wanted.value = code;
  return speak(code);
}
