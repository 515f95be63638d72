import { readFileSync } from 'node:fs';
import { CONTEXT_TAGS, LOCALE_TAGS } from '../../domain/vocabulary.js';
import type { AnswerName } from '../../llm/llm.js';
import { FORM_NAMES, FORMS } from '../../../test/support/model/forms.js';
import { escaped, promptOf, repairOf, type PromptAsk } from './prompts.js';

const HEAT = { text: 'Heat', slug: 'heat-1995', year: 1995 };
const question = ({ schema = 'movie', ...more }: Partial<PromptAsk> & { schema?: AnswerName } = {}): PromptAsk => ({
  ...FORMS[schema],
  locale: 'pl-PL',
  context_tag: 'humorous',
  asked: HEAT,
  ...more,
});
const { instructions: told } = promptOf(question());

/** Titles, names and slugs with which somebody might try to end the data and begin to instruct; and odd real ones. */
const { injections, titles } = JSON.parse(readFileSync('test/corpus/injections.json', 'utf8')) as {
  injections: string[];
  titles: string[];
};

/** What is in the block; fails where there is more than one, or a mark of a model in it. */
function read(message: string): unknown {
  const [, block] = /^```json\n([^]*)\n```$/.exec(message)!;
  expect(block).not.toMatch(/[<>|`#]|\[\/?\p{Lu}|\p{Cf}|[\u007f-\u009f\u2028\u2029]/u);
  return JSON.parse(block!);
}

describe('the instructions', () => {
  it.each(FORM_NAMES)('describe every field of their schema in words: %s', (schema) => {
    const { instructions } = promptOf(question({ schema }));
    for (const field of Object.keys(FORMS[schema].schema.properties)) expect(instructions).toContain(`${field}: `);
  });

  it.each([
    ['pl-PL', 'Polish', 'po polsku.'],
    ['de-DE', 'German', 'auf Deutsch.'],
    ['fr-FR', 'French', 'en français.'],
    ['es-ES', 'European Spanish', 'en español.'],
    ['en-US', 'American English', 'in English.'],
    ['zh-TW', 'Traditional Chinese', '全文請用繁體中文書寫。'],
    ['pt-BR', 'Brazilian Portuguese', 'em português do Brasil.'],
    ['nb-NO', 'Norwegian Bokmål', 'på norsk bokmål.'],
  ] as const)('say the language in English and in itself: %s', (locale, language, inItself) => {
    const { instructions } = promptOf(question({ locale, schema: 'person_text' }));
    expect(instructions).toContain(`Write the text in ${language}, from its first to its last word`);
    expect(instructions).toContain(`${inItself}\n`);
  });

  it('differ by locale and manner at their end alone, so that what is before can be kept', () => {
    const all = LOCALE_TAGS.flatMap((locale) =>
      CONTEXT_TAGS.map((context_tag) => promptOf(question({ locale, context_tag })).instructions),
    );
    expect(new Set(all).size).toBe(all.length);
    const [stable] = told.split('Write the text in');
    expect(stable!.length).toBeGreaterThan(told.length * 0.8);
    for (const instructions of all) expect(instructions.startsWith(stable!)).toBe(true);
  });

  it('bound length and manner, and say what no text may do', () => {
    expect(told).toMatch(/80 to 200 words/);
    expect(told).toMatch(/witty and light; .*never at the cost of real people/);
    expect(told).toMatch(/not the ending/);
    expect(told).toMatch(/Invent no credits, quotations, awards or figures/);
    expect(promptOf(question({ schema: 'person' })).instructions).toMatch(
      /nothing about health, religion or allegations/,
    );
  });
});

describe('the data', () => {
  it('has the facts first, and whatever is not known is left out', () => {
    const { data } = promptOf(question({ schema: 'movie_text', facts: { directors: ['Michael Mann'] }, existing: [] }));
    expect(Object.entries(data)).toEqual([
      ['facts', { directors: ['Michael Mann'] }],
      ['title', 'Heat'],
      ['slug', 'heat-1995'],
      ['release_year', 1995],
      ['locale', 'pl-PL'],
      ['context_tag', 'humorous'],
    ]);
  });

  it('is that of a person where one is asked for', () => {
    const asked = { text: 'Al Pacino', slug: 'al-pacino-1940', year: 1940 };
    const person = { name: 'Al Pacino', slug: 'al-pacino-1940', birth_year: 1940 };
    expect(promptOf(question({ schema: 'person', asked })).data).toMatchObject(person);
    const answered = { name: 'Alfredo Pacino' };
    expect(promptOf(question({ schema: 'identity', entity: 'PERSON', asked, answered })).data).toMatchObject({
      ...person,
      answered,
    });
  });

  it('has the director that tells twins apart, and the first sentences of the texts that exist', () => {
    const asked = { ...HEAT, director: 'Michael Mann' };
    const existing = ['A thief and a detective.'];
    expect(promptOf(question({ asked, existing })).data).toMatchObject({ director: 'Michael Mann', existing });
  });
});

describe('words of a request', () => {
  it('are tried in sixty ways', () => {
    expect(new Set(injections).size).toBeGreaterThanOrEqual(60);
  });

  it.each([...injections, ...titles])('stay in the one block, as they are: %j', (words) => {
    const asked = { text: words, slug: words, year: null, director: words };
    for (const schema of FORM_NAMES) {
      const more = { facts: { title: words }, existing: [words], answered: { title: words } };
      const { instructions, data } = promptOf(question({ schema, asked, ...more }));
      expect(instructions).toBe(promptOf(question({ schema })).instructions);
      expect(read(escaped(data))).toEqual(JSON.parse(JSON.stringify(data)));
    }
  });
});

describe('the one repair', () => {
  it.each(injections)('has reason and answer in one block: %j', (words) => {
    const message = repairOf({ reason: `It is about ${words}.` }, JSON.stringify({ description: words }));
    const [before, ...rest] = message.split('```json\n');
    expect(rest).toHaveLength(1);
    const [block, after, ...none] = rest[0]!.split('\n```');
    expect(none).toEqual([]);
    expect([before, after]).toEqual([expect.stringMatching(/unfit/), expect.stringMatching(/Answer once more/)]);
    const { wrong, answer } = read(`\`\`\`json\n${block}\n\`\`\``) as { wrong: string; answer: string };
    expect(wrong).toBe(`It is about ${words}.`);
    expect(JSON.parse(answer)).toEqual({ description: words });
  });

  it('is bounded, whatever was answered', () => {
    expect(repairOf({ reason: 'It is too long.' }, '<'.repeat(1_000_000)).length).toBeLessThan(60_000);
  });
});
