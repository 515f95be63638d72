import { createHash } from 'node:crypto';
import { partsOf, wordsOf } from '../domain/slug.js';
import type { Locale } from '../domain/vocabulary.js';
import { SAMPLES } from './mock-samples.js';

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

/**
 * Another text in each tone, and another than those whose first sentences are given. With each of them it has one
 * sentence in common at most.
 */
export function textFor(data: Data, subject: string): string {
  const tag = String(data.context_tag);
  const locale = data.locale as Locale;
  const existing = ((data.existing ?? []) as string[]).map((sentence) => sentence.trim());
  const own = choicesOf(locale, tag, subject);
  const isThere = ({ text }: Choice) => existing.some((sentence) => text.startsWith(sentence));
  const last = own.findLastIndex(isThere) % VERSIONS;
  const inTurn = [...own.slice(0, VERSIONS), ...own.slice(0, VERSIONS)].slice(last + 1, last + 1 + VERSIONS);
  const tones = new Set(existing.flatMap((sentence) => /^\[[^\]]*, ([^\],]+)\]/.exec(sentence)?.[1] ?? []));
  const siblings = [...tones].flatMap((tone) => choicesOf(locale, tone, subject).filter(isThere));
  const free = [...inTurn, ...own.slice(VERSIONS)].find((one) => siblings.every((other) => shared(one, other) <= 1));
  return (free ?? inTurn[0]!).text;
}

/** A text, and which sentence it has in each place. */
interface Choice {
  text: string;
  sentences: number[];
}

/** Versions of a manner, and manners: a prime, so that two texts choose alike in one place at most. */
const VERSIONS = 5;
const shared = (one: Choice, other: Choice) =>
  one.sentences.filter((sentence, place) => sentence === other.sentences[place]).length;

/** Every choice of sentences, those of the tone's own manner first. The label of others has a number. */
function choicesOf(locale: Locale, tag: string, subject: string): Choice[] {
  const { label, places } = SAMPLES[locale];
  return Array.from({ length: VERSIONS ** 2 }, (_, n) => {
    const turn = Math.floor(n / VERSIONS);
    const sentences = places.map((_, place) => (n + (mannerOf(tag) + turn) * (place + 1)) % VERSIONS);
    const chosen = sentences.map((sentence, place) => places[place]![sentence]!).join(' ');
    const number = turn === 0 ? '' : ` ${turn + 1}`;
    return { text: `[${label}${number}, ${tag}] ${chosen.replace('%', () => subject)}`, sentences };
  });
}

/** These numbers give each of the four manners that are built in one of its own. */
const FACTOR = 3;
const MODULUS = 797;
/** By a hash: any tone has one. */
const mannerOf = (tag: string) =>
  [...tag].reduce((hash, letter) => (hash * FACTOR + letter.codePointAt(0)!) % MODULUS, 0) % VERSIONS;

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
  const from = <T>(list: readonly T[], place: number): T => list[number(place, list.length)]!;
  return { number, from, name: (place: number) => `${from(FIRST_NAMES, 10 + place)} ${from(LAST_NAMES, 20 + place)}` };
}
