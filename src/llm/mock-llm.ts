import { EARLIEST_BIRTH, FIRST_YEAR } from '../domain/kinds.js';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MOCK_MODEL } from '../config/config.js';
import { GENRE_SLUGS } from '../domain/genres.js';
import { partsOf, wordsOf } from '../domain/slug.js';
import { CONTEXT_TAGS, type ContextTag, type Locale } from '../domain/vocabulary.js';
import { type Answer, type AnswerName, type Ask, Llm } from './llm.js';
import { SAMPLES } from './mock-texts.js';

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

/** Films and people whose name is not theirs alone: what a real model would say of them, for the first minutes. */
const NAMESAKES: Record<string, { name: string; year: number }[]> = {
  dune: [
    { name: 'Dune', year: 1984 },
    { name: 'Dune', year: 2021 },
  ],
};

type Data = Record<string, unknown>;
const MOCKED: Record<AnswerName, (data: Data) => object> = {
  movie: mockMovie,
  person: mockPerson,
  movie_text: (data) => ({ description: textFor(data, subjectOf(data, FIRST_YEAR)) }),
  person_text: (data) => ({ biography: textFor(data, subjectOf(data, EARLIEST_BIRTH)) }),
  identity: mockIdentity,
};

/** Stands in for a model: the same question always gets the same, plainly labelled answer. */
export class MockLlm extends Llm {
  constructor(private readonly latencyMs: number) {
    super();
  }

  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const started = performance.now();
    signal.throwIfAborted();
    // An aborted sleep throws an error of its own; what counts is why.
    await sleep(this.latencyMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    const output = fitted(MOCKED[ask.name](ask.data), ask.schema);
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

function mockMovie(data: Data) {
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
    original_title: title,
    other_titles: [],
    release_year: (data.release_year as number | null) ?? namesakesOf(title)[0]?.year ?? 1950 + pick.number(0, 70),
    director: pick.name(9),
    directors: [pick.name(9)],
    genres: [...new Set([pick.from(GENRE_SLUGS, 1), pick.from(GENRE_SLUGS, 2)])],
    description: text,
    cast,
    namesakes: isOpen(data, FIRST_YEAR)
      ? namesakesOf(title).map(({ name, year }) => ({ title: name, release_year: year }))
      : [],
  };
}

function mockPerson(data: Data) {
  const name = subjectOf(data, EARLIEST_BIRTH);
  const pick = pickerFor(name);
  const year = (data.birth_year as number | null) ?? 1930 + pick.number(0, 60);
  return {
    found: true,
    name,
    other_names: [],
    birth_date: `${year}-${String(1 + pick.number(1, 12)).padStart(2, '0')}-${String(1 + pick.number(2, 28)).padStart(2, '0')}`,
    birth_year: year,
    birthplace: 'Mocktown',
    biography: textFor(data, name),
    known_for: [
      { title: `A Mock Film with ${name}`, release_year: year + 30, role: 'ACTOR', character_name: 'Character 1' },
    ],
    namesakes: isOpen(data, EARLIEST_BIRTH)
      ? namesakesOf(name).map((one) => ({ name: one.name, birth_year: one.year }))
      : [],
  };
}

/** The same to this model is what is spelled the same, case and signs aside. */
function mockIdentity(data: Data) {
  const { title, name } = data.answered as { title?: string; name?: string };
  return { same: wordsOf(subjectOf(data, EARLIEST_BIRTH)) === wordsOf(title ?? name ?? '') };
}

/** Whether no year says which one is meant. */
const isOpen = (data: Data, firstYear: number) =>
  (data.release_year ?? data.birth_year ?? partsOf(String(data.slug), firstYear).year) === null;
const namesakesOf = (name: string) => NAMESAKES[wordsOf(name)] ?? [];

/** Only the fields that were asked for. */
function fitted(output: object, { properties }: Ask['schema']): object {
  const asked = new Set(Object.keys(properties as object));
  return Object.fromEntries(Object.entries(output).filter(([field]) => asked.has(field)));
}

/** Another text in each tone, and another than those whose first sentences are given. */
function textFor(data: Data, subject: string): string {
  const tag = data.context_tag as ContextTag;
  const texts = VERSIONS.map((version) => sampleText(data.locale as Locale, tag, version, subject));
  const existing = (data.existing ?? []) as string[];
  const last = texts.findLastIndex((text) => existing.some((sentence) => text.startsWith(sentence.trim())));
  return texts[(last + 1) % texts.length]!;
}

const VERSIONS = [0, 1, 2, 3, 4];

/** One sentence a place. Two texts that differ in tone or version choose alike in one place at most: 5 is prime. */
function sampleText(locale: Locale, tag: ContextTag, version: number, subject: string): string {
  const { label, places } = SAMPLES[locale] ?? SAMPLES['en-US'];
  const tone = CONTEXT_TAGS.indexOf(tag);
  const sentences = places.map((sentences, place) => sentences[(version + tone * (place + 1)) % sentences.length]!);
  return `[${label}, ${tag}] ${sentences.join(' ').replace('%', () => subject)}`;
}

/** The title as asked for, or made from the slug's words. */
function subjectOf(data: Data, firstYear: number): string {
  const given = (data.title ?? data.name) as string | null;
  if (given) return given;
  const words = partsOf(String(data.slug), firstYear).base.split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** Choices that depend on the text alone. */
function pickerFor(text: string) {
  const bytes = createHash('sha256').update(text).digest();
  const number = (place: number, below: number) => bytes[place % bytes.length]! % below;
  const from = <T>(list: T[], place: number): T => list[number(place, list.length)]!;
  return { number, from, name: (place: number) => `${from(FIRST_NAMES, 10 + place)} ${from(LAST_NAMES, 20 + place)}` };
}
