import { createHash } from 'node:crypto';
import { partsOf, wordsOf } from '../domain/slug.js';
import { CONTEXT_TAGS, type ContextTag, type Locale } from '../domain/vocabulary.js';
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

/** Another text in each tone, and another than those whose first sentences are given. */
export function textFor(data: Data, subject: string): string {
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

/** Those that a name means, but for the one of the year that is asked for. */
export function namesakesOf(data: Data, name: string, firstYear: number) {
  const year = data.release_year ?? data.birth_year ?? partsOf(String(data.slug), firstYear).year;
  return (NAMESAKES[wordsOf(name)] ?? []).filter((one) => one.year !== year);
}

/** The year that stands in brackets at the end of a title; `null`: none does. */
export const yearIn = (title: string) => Number(/\((\d{4})\)\s*$/.exec(title)?.[1]) || null;

/** The requested title or name, or one made from the slug's words. */
export function subjectOf(data: Data, firstYear: number): string {
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
