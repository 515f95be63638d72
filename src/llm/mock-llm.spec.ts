import { Ajv } from 'ajv';
import { CONTEXT_TAGS, LOCALE_TAGS, type ContextTag, type Locale } from '../domain/vocabulary.js';
import { firstFault } from '../generation/gates/gates.js';
import { overlap } from '../generation/gates/sameness.js';
import { sentencesOf } from '../generation/gates/sentences.js';
import { promptOf, type PromptAsk } from '../generation/prompts/prompts.js';
import { FORM_NAMES, FORMS } from '../../test/support/model/forms.js';
import type { AnswerName } from './llm.js';
import { MockLlm } from './mock-llm.js';
import { textFor } from './samples.js';
import { sampleMovie } from '../movies/movie.sample.js';
import { samplePerson } from '../people/person.sample.js';

const mock = new MockLlm(0);
const sampleOf = (schema: AnswerName) => (schema.startsWith('person') ? samplePerson : sampleMovie);
const ajv = new Ajv({ allowUnionTypes: true });

const DUNE = { text: 'Dune', slug: 'dune-1984', year: 1984 };
type Asking = PromptAsk & { schema: AnswerName };
const question = (schema: AnswerName, more: Partial<PromptAsk> = {}): Asking => ({
  ...FORMS[schema],
  version: 'v1',
  schema,
  locale: 'en-US',
  context_tag: 'DEFAULT',
  asked: DUNE,
  ...more,
});

async function answer(asked: Asking): Promise<Record<string, unknown>> {
  const ask = {
    ...promptOf(asked),
    name: asked.schema,
    schema: FORMS[asked.schema].schema,
    sample: sampleOf(asked.schema),
    traceparent: null,
  };
  const { output } = await mock.ask(ask, AbortSignal.timeout(10_000));
  return output as Record<string, unknown>;
}

const textOf = async (asked: Asking) => {
  const { description, biography } = await answer(asked);
  return (description ?? biography) as string;
};

/** The versions of one text, each written with the first sentence of the one before. */
async function versionsOf(locale: Locale, context_tag: ContextTag, asked = DUNE): Promise<string[]> {
  const texts: string[] = [];
  for (let version = 0; version < 5; version++) {
    const existing = texts.slice(-1).map((text) => sentencesOf(text)[0]!);
    texts.push(await textOf(question('movie_text', { locale, context_tag, asked, existing })));
  }
  return texts;
}

describe('the mock', () => {
  it.each(FORM_NAMES)('answers %s as its schema wants it', async (schema) => {
    const fits = ajv.compile(FORMS[schema].schema);
    expect(fits(await answer(question(schema, { answered: { title: 'Dune' } })))).toBe(true);
  });

  it('answers the same question in the same way', async () => {
    expect(await answer(question('movie'))).toEqual(await answer(question('movie')));
  });

  it('knows which films are called Dune, and names the others when the year says which', async () => {
    const open = { text: 'Dune', slug: 'dune', year: null };
    expect((await answer(question('movie', { asked: open }))).namesakes).toEqual([
      { title: 'Dune', release_year: 1984 },
      { title: 'Dune', release_year: 2021 },
    ]);
    expect((await answer(question('movie'))).namesakes).toEqual([{ title: 'Dune', release_year: 2021 }]);
    const bySlug = { text: null, slug: 'dune-2021', year: null };
    expect((await answer(question('movie', { asked: bySlug }))).namesakes).toEqual([
      { title: 'Dune', release_year: 1984 },
    ]);
  });

  it('has the film made by the director who was asked for', async () => {
    const asked = { ...DUNE, director: 'David Lynch' };
    expect((await answer(question('movie', { asked }))).directors).toEqual(['David Lynch']);
  });

  it.each([
    ['DUNE!', true],
    ['Dune: Part Two', false],
  ])('takes "%s" for Dune: %s', async (title, same) => {
    expect(await answer(question('identity', { answered: { title } }))).toEqual({ same });
  });
});

/** The versions of one tone have every sentence of a language; the others are chosen alike. */
const tonesFor = (locale: Locale) => (LOCALE_TAGS.indexOf(locale) < 5 ? CONTEXT_TAGS : CONTEXT_TAGS.slice(0, 1));

describe.each(LOCALE_TAGS)('the texts of the mock in %s', (locale) => {
  it.each(tonesFor(locale))('are labelled and pass every gate: %s', async (tag) => {
    const { instructions } = promptOf(question('movie_text', { locale, context_tag: tag }));
    const versions = await versionsOf(locale, tag);
    for (const [place, text] of versions.entries()) {
      expect(text).toMatch(new RegExp(`^\\[[\\p{L}\\p{M} ]+, ${tag}\\]`, 'u'));
      const siblings = versions.slice(Math.max(0, place - 1), place);
      const context = { entity: 'MOVIE' as const, locale, names: ['Dune'], year: 1984, known: [] };
      expect(firstFault(text, { ...context, instructions, siblings })).toBeNull();
    }
  });

  it('differ between all tones and versions', async () => {
    const texts = (await Promise.all(CONTEXT_TAGS.map((tag) => versionsOf(locale, tag)))).flat();
    expect(new Set(texts).size).toBe(CONTEXT_TAGS.length * 5);
    // One of each tone, and one tone's versions: the others are chosen alike.
    const some = texts.filter((_, at) => at < 5 || at % 5 === 0);
    const shared = some.flatMap((text, at) => some.slice(at + 1).map((other) => overlap(text, other)));
    expect(Math.max(...shared)).toBeLessThan(0.32);
  });

  it.each([
    '?',
    '千と千尋の神隠し',
    'Dr. Strangelove',
    '# Heading',
    'https://www.example.com',
    "I'm sorry, but I can't write",
  ])('pass every gate for a subject called %s', async (name) => {
    const asked = { text: name, slug: 'x-1', year: null };
    const text = await textOf(question('person', { locale, asked }));
    const context = { entity: 'PERSON' as const, locale, names: [name], year: null, known: [], siblings: [] };
    expect(text).toContain(name);
    expect(firstFault(text, { ...context, instructions: '' })).toBeNull();
  });
});

it.each(['en-US', 'fi-FI', 'ja-JP', 'th-TH'] as const)(
  'texts of twenty tones differ, as the last ones are told of by their first sentences: %s',
  (locale) => {
    const texts = new Map<string, string>();
    for (const tag of Array.from({ length: 40 }, (_, n) => `tone-${n % 20}`)) {
      const existing = [...texts.values()].map((text) => sentencesOf(text)[0]!);
      texts.set(tag, textFor({ locale, context_tag: tag, existing }, 'Dune'));
    }
    const [text, ...siblings] = [...texts.values()].toReversed();
    const context = { entity: 'MOVIE' as const, locale, names: ['Dune'], year: 1984, known: [], instructions: '' };
    expect(firstFault(text!, { ...context, siblings })).toBeNull();
    expect(new Set(texts.values()).size).toBe(20);
  },
);
