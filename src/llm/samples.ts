import { createHash } from 'node:crypto';
import { partsOf } from '../domain/slug.js';
import type { Locale } from '../domain/vocabulary.js';

const FIRST_NAMES = [
  'Ada',
  'Bruno',
  'Clara',
  'Dario',
  'Elif',
  'Farid',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kaja',
  'Luca',
];
const LAST_NAMES = ['Placeholder', 'Sample', 'Standin', 'Mockford', 'Exempel', 'Fakename', 'Testarossa', 'Specimen'];

type Text = (subject: string, tag: string) => string;

/** The same sentence in each locale (English where there is none); it says that it comes from a mock. */
const TEXTS: { 'en-US': Text } & Partial<Record<Locale, Text>> = {
  'en-US': (subject, tag) =>
    `[Mock text, ${tag}] This is a placeholder for “${subject}”, written without a language model. ` +
    'Set OPENAI_API_KEY for a real one.',
  'pl-PL': (subject, tag) =>
    `[Tekst próbny, ${tag}] To jest tekst zastępczy dla „${subject}”, napisany bez modelu językowego. ` +
    'Ustaw OPENAI_API_KEY, aby otrzymać prawdziwy.',
  'de-DE': (subject, tag) =>
    `[Mustertext, ${tag}] Dies ist ein Platzhalter für „${subject}“, ohne Sprachmodell geschrieben. ` +
    'Mit OPENAI_API_KEY entsteht ein echter.',
  'fr-FR': (subject, tag) =>
    `[Texte factice, ${tag}] Ceci est un texte de remplacement pour « ${subject} », ` +
    'écrit sans modèle de langage. Définissez OPENAI_API_KEY pour un vrai texte.',
  'es-ES': (subject, tag) =>
    `[Texto de prueba, ${tag}] Este es un texto provisional para «${subject}», ` +
    'escrito sin modelo de lenguaje. Configure OPENAI_API_KEY para obtener uno real.',
};

/** The text of a sample. */
export const textFor = ({ locale, context_tag }: Record<string, unknown>, subject: string) =>
  (TEXTS[locale as Locale] ?? TEXTS['en-US'])(subject, context_tag as string);

/** The requested title or name, or one made from the slug's words. */
export function subjectOf(data: Record<string, unknown>, firstYear: number): string {
  const given = (data.title ?? data.name) as string | null;
  if (given) return given;
  const words = partsOf(String(data.slug), firstYear).base.split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** Choices that depend only on the text. */
export function pickerFor(text: string) {
  const bytes = createHash('sha256').update(text).digest();
  const number = (place: number, below: number) => bytes[place % bytes.length]! % below;
  const from = <T>(list: T[], place: number): T => list[number(place, list.length)]!;
  return { number, from, name: (place: number) => `${from(FIRST_NAMES, 10 + place)} ${from(LAST_NAMES, 20 + place)}` };
}
