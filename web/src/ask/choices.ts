import { api, by, listContextTags, listLocales } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { languageName } from '../words/numbers.ts';
import { language, words } from '../words/words.ts';

/** Languages and tones that the server writes in. Empty until it has said so. */
export function useChoices() {
  const { value } = useLoad(read, []);
  const locales = value?.locales ?? [];
  const usual = locales.find(({ is_default }) => is_default)?.locale ?? 'en-US';
  const own = locales.find(({ locale }) => locale.split('-')[0] === language.value)?.locale;
  return {
    locales: locales
      .map(({ locale }) => ({ value: locale, label: languageName(locale) }))
      .sort((one, other) => one.label.localeCompare(other.label, language.value)),
    tones: (value?.tones ?? []).map(({ context_tag }) => ({ value: context_tag, label: toneName(context_tag) })),
    /** What is chosen at first: the language of the page. English has several, so there it is the usual one. */
    locale: usual.startsWith(language.value) ? usual : (own ?? usual),
    tone: value?.tones.find(({ is_default }) => is_default)?.context_tag ?? 'DEFAULT',
  };
}

export function toneName(tag: string): string {
  const names: Record<string, string> = words.value.ask.tones;
  return Object.hasOwn(names, tag) ? names[tag]! : tag;
}

async function read(signal: AbortSignal) {
  const [locales, tones] = await Promise.all([
    listLocales({ ...by(api()), signal }),
    listContextTags({ ...by(api()), signal }),
  ]);
  return { locales: locales.data.results, tones: tones.data.results };
}
