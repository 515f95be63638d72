/**
 * Every locale that there is: one line adds one. The sentence asks for a text in its language, in that language; small
 * models follow that more often. `docs/models.md` says what else a language has.
 */
export const ASKED_IN_ITSELF = {
  'en-US': 'All of the text is in English.',
  'pl-PL': 'Napisz cały tekst po polsku.',
  'de-DE': 'Schreibe den ganzen Text auf Deutsch.',
  'fr-FR': 'Écris tout le texte en français.',
  'es-ES': 'Escribe todo el texto en español.',
  'ar-SA': 'اكتب النص كله باللغة العربية.',
  'bg-BG': 'Напиши целия текст на български.',
  'bn-BD': 'পুরো লেখাটি বাংলায় লেখো।',
  'ca-ES': 'Escriu tot el text en català.',
  'cs-CZ': 'Napiš celý text česky.',
  'da-DK': 'Skriv hele teksten på dansk.',
  'el-GR': 'Γράψε όλο το κείμενο στα ελληνικά.',
  'en-GB': 'All of the text is in English, spelled as in Britain.',
  'es-MX': 'Escribe todo el texto en español de México.',
  'et-EE': 'Kirjuta kogu tekst eesti keeles.',
  'fa-IR': 'تمام متن را به فارسی بنویس.',
  'fi-FI': 'Kirjoita koko teksti suomeksi.',
  'he-IL': 'כתוב את כל הטקסט בעברית.',
  'hi-IN': 'पूरा पाठ हिन्दी में लिखो।',
  'hr-HR': 'Napiši cijeli tekst na hrvatskom.',
  'hu-HU': 'Írd az egész szöveget magyarul.',
  'id-ID': 'Tulis seluruh teks dalam bahasa Indonesia.',
  'is-IS': 'Skrifaðu allan textann á íslensku.',
  'it-IT': 'Scrivi tutto il testo in italiano.',
  'ja-JP': '文章はすべて日本語で書いてください。',
  'ko-KR': '글 전체를 한국어로 써 주세요.',
  'lt-LT': 'Parašyk visą tekstą lietuviškai.',
  'lv-LV': 'Uzraksti visu tekstu latviešu valodā.',
  'ms-MY': 'Tulis keseluruhan teks dalam bahasa Melayu.',
  'nb-NO': 'Skriv hele teksten på norsk bokmål.',
  'nl-NL': 'Schrijf de hele tekst in het Nederlands.',
  'pt-BR': 'Escreva todo o texto em português do Brasil.',
  'pt-PT': 'Escreve todo o texto em português de Portugal.',
  'ro-RO': 'Scrie tot textul în limba română.',
  'ru-RU': 'Напиши весь текст на русском языке.',
  'sk-SK': 'Napíš celý text po slovensky.',
  'sl-SI': 'Napiši celotno besedilo v slovenščini.',
  'sr-RS': 'Напиши цео текст на српском.',
  'sv-SE': 'Skriv hela texten på svenska.',
  'ta-IN': 'உரை முழுவதையும் தமிழில் எழுதவும்.',
  'th-TH': 'เขียนข้อความทั้งหมดเป็นภาษาไทย',
  'tr-TR': 'Metnin tamamını Türkçe yaz.',
  'uk-UA': 'Напиши весь текст українською мовою.',
  'vi-VN': 'Hãy viết toàn bộ văn bản bằng tiếng Việt.',
  'zh-CN': '全文请用简体中文书写。',
  'zh-TW': '全文請用繁體中文書寫。',
} as const;

export type Locale = keyof typeof ASKED_IN_ITSELF;
export const ALL_LOCALES = Object.keys(ASKED_IN_ITSELF) as Locale[];

const ENGLISH = new Intl.DisplayNames('en', { type: 'language' });

/** "Polish"; where locales share a language "Brazilian Portuguese", or by their scripts "Simplified Chinese". */
function nameOf(tag: Locale): string {
  const { language, script } = new Intl.Locale(tag).maximize();
  const kin = ALL_LOCALES.map((other) => new Intl.Locale(other).maximize()).filter((one) => one.language === language);
  if (kin.length === 1) return ENGLISH.of(language)!;
  const isByScript = kin.some((one) => one.script !== script);
  return ENGLISH.of(isByScript ? `${language}-${script}` : tag)!;
}

/** Locales, each with the English name of its language. */
export const LOCALES = Object.fromEntries(ALL_LOCALES.map((tag) => [tag, nameOf(tag)])) as Record<Locale, string>;
