import { EARLIEST_BIRTH, FIRST_YEAR, type KindWord } from '../domain/kinds.js';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MOCK_MODEL } from '../config/config.js';
import { partsOf } from '../domain/slug.js';
import type { Locale } from '../domain/vocabulary.js';
import { type Answer, type Ask, Llm } from './llm.js';

const GENRES = ['Drama', 'Comedy', 'Thriller', 'Science Fiction', 'Adventure', 'Romance', 'Crime', 'Fantasy'];
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

const MOCKED: Record<KindWord, (data: Record<string, unknown>) => object> = { movie: mockMovie, person: mockPerson };

/** Replaces a model: the same question always gets the same answer, which says that it is a mock's. */
export class MockLlm extends Llm {
  constructor(private readonly latencyMs: number) {
    super();
  }

  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const started = performance.now();
    signal.throwIfAborted();
    // An aborted sleep throws an error of its own; the signal's reason is thrown instead.
    await sleep(this.latencyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const output = MOCKED[ask.name](ask.data);
    return {
      output,
      usage: {
        model: MOCK_MODEL,
        input_tokens: 0,
        output_tokens: 0,
        duration_ms: Math.round(performance.now() - started),
      },
    };
  }
}

function mockMovie(data: Record<string, unknown>) {
  const title = subjectOf(data, FIRST_YEAR);
  const pick = pickerFor(title);
  const text = textFor(data, title);
  const cast = [0, 1, 2].map((place) => ({
    name: pick.name(place),
    role: 'ACTOR',
    character_name: `Character ${place + 1}`,
  }));
  return {
    found: true,
    title,
    release_year: (data.release_year as number | null) ?? 1950 + pick.number(0, 70),
    director: pick.name(9),
    genres: [pick.from(GENRES, 1), pick.from(GENRES, 2)],
    description: text,
    cast,
  };
}

function mockPerson(data: Record<string, unknown>) {
  const name = subjectOf(data, EARLIEST_BIRTH);
  const pick = pickerFor(name);
  const year = (data.birth_year as number | null) ?? 1930 + pick.number(0, 60);
  return {
    found: true,
    name,
    birth_date: [year, ...[pick.number(1, 12), pick.number(2, 28)].map((n) => String(1 + n).padStart(2, '0'))].join(
      '-',
    ),
    birthplace: 'Mocktown',
    biography: textFor(data, name),
    known_for: [
      { title: `A Mock Film with ${name}`, release_year: year + 30, role: 'ACTOR', character_name: 'Character 1' },
    ],
  };
}

const textFor = ({ locale, context_tag }: Record<string, unknown>, subject: string) =>
  (TEXTS[locale as Locale] ?? TEXTS['en-US'])(subject, context_tag as string);

/** The requested title, or one made from the slug's words. */
function subjectOf(data: Record<string, unknown>, firstYear: number): string {
  const given = (data.title ?? data.name) as string | null;
  if (given) return given;
  const words = partsOf(String(data.slug), firstYear).base.split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** Choices that depend only on the text. */
function pickerFor(text: string) {
  const bytes = createHash('sha256').update(text).digest();
  const number = (place: number, below: number) => bytes[place % bytes.length]! % below;
  const from = <T>(list: T[], place: number): T => list[number(place, list.length)]!;
  return { number, from, name: (place: number) => `${from(FIRST_NAMES, 10 + place)} ${from(LAST_NAMES, 20 + place)}` };
}
