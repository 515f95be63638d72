import { readFileSync } from 'node:fs';
import { CONTEXT_TAGS, type Locale } from '../src/domain/vocabulary.js';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { StubModel } from './support/model/stub-model.js';
import { TestServer } from './support/server/server.js';

/** A text of the corpus; the gates' own spec holds each against its gate. */
interface Sample {
  locale: Locale;
  names: string[];
  year: number | null;
  text: string;
  entity?: 'PERSON';
  siblings?: string[];
  instructions?: string;
  given?: string;
  directors?: string[];
}

/** Those are left out that bring instructions of their own, or facts that nobody tells here. */
const samplesOf = (name: string) =>
  (JSON.parse(readFileSync(`test/corpus/texts-${name}.json`, 'utf8')) as Sample[]).filter(
    ({ instructions, names, given, directors }) =>
      instructions === undefined && given === undefined && directors === undefined && names.length > 0,
  );

describe('a text', () => {
  let server: TestServer;
  let model: StubModel;

  beforeAll(async () => {
    model = await StubModel.start();
    server = await TestServer.start({ ...model.settings, GENERATION_TRIES: '1' });
  });

  afterAll(async () => {
    await server.stop();
    await model.stop();
  });

  /** Asks for it, after the texts that are there; each film has a director of its own, and each person is alone. */
  async function ask({ names, year, locale, text, siblings = [] }: Sample, path: 'movies' | 'people', n: number) {
    const [name, ...others] = names;
    const twin =
      path === 'movies'
        ? { title: name, release_year: year ?? undefined, director: `Maker ${letters(n)}` }
        : { name, birth_year: year ?? undefined };
    const texts = [...siblings, text];
    let job: JobDto | undefined;
    for (const [place, one] of texts.entries()) {
      written.set(path === 'movies' ? `Maker ${letters(n)}` : name!, { text: one, others });
      job = await server.generate(
        path,
        { ...twin, locale, context_tag: CONTEXT_TAGS[texts.length - 1 - place] },
        150_000,
      );
    }
    return { text, job: job! };
  }

  /** What is to be written, by the director or the name. */
  const written = new Map<string, { text: string; others: string[] }>();
  const letters = (n: number) => String.fromCharCode(65 + Math.floor(n / 26), 97 + (n % 26)).repeat(2);

  async function outcomesOf(samples: Sample[]) {
    await server.rows('TRUNCATE movies, people CASCADE');
    model.otherwise((subject, _made, _schema, { director }) => {
      const { text, others } = written.get(director ?? subject)!;
      const output = { description: text, biography: text, other_titles: others, other_names: others };
      return { kind: 'answer', output: onlyOf(_schema, output) };
    });
    const films = samples.filter(({ entity }) => entity !== 'PERSON');
    const outcomes = await Promise.all(films.map((sample, n) => ask(sample, 'movies', n)));
    for (const sample of samples.filter(({ entity }) => entity === 'PERSON')) {
      outcomes.push(await ask(sample, 'people', 0));
      await server.rows('TRUNCATE movies, people CASCADE');
    }
    return outcomes;
  }

  const lines = (outcomes: { text: string; job: JobDto }[]) =>
    outcomes.map(({ text, job }) => `${job.status} ${job.error?.message}: ${text.slice(0, 100)}`);

  it('that is unfit is asked for once more, and never stored', async () => {
    const outcomes = await outcomesOf(samplesOf('unfit'));
    expect(outcomes.length).toBeGreaterThanOrEqual(100);
    expect(lines(outcomes.filter(({ job }) => job.status === 'DONE'))).toEqual([]);
    expect(lines(outcomes.filter(({ job }) => job.usage?.calls !== 2))).toEqual([]);
    const types = new Set(outcomes.map(({ job }) => job.error!.type));
    expect([...types].sort()).toEqual(['AI_REFUSED', 'VALIDATION_ERROR']);
  }, 300_000);

  it('that is fit is stored with one call, however suspicious it looks', async () => {
    const outcomes = await outcomesOf(samplesOf('fit'));
    expect(outcomes.length).toBeGreaterThanOrEqual(60);
    expect(lines(outcomes.filter(({ job }) => job.status !== 'DONE' || job.usage?.calls !== 1))).toEqual([]);
  }, 300_000);

  it('that refuses ends as AI_REFUSED at once, when it refuses again', async () => {
    model.otherwise({ kind: 'answer' });
    const refusal = 'I am sorry, but I cannot write about this film, because I have no reliable information about it.';
    model.script('Refuses Twice', ...[1, 2].map(() => ({ kind: 'answer' as const, output: { description: refusal } })));
    const job = await server.generate('movies', { title: 'Refuses Twice', release_year: 1999 });
    expect(job).toMatchObject({
      status: 'FAILED',
      error: { type: 'AI_REFUSED', retryable: false },
      usage: { calls: 2 },
    });
  });

  it('that refuses where an object belongs is a refusal, and is asked for once more', async () => {
    model.otherwise({ kind: 'answer' });
    const prose = { kind: 'content' as const, content: 'I am sorry, but I know nothing about this film.' };
    model.script('Refuses In Prose', prose, prose);
    expect(await server.generate('movies', { title: 'Refuses In Prose', release_year: 1999 })).toMatchObject({
      status: 'FAILED',
      error: { type: 'AI_REFUSED', retryable: false },
      usage: { calls: 2 },
    });
    model.script('Refuses Once', prose);
    expect(await server.generate('movies', { title: 'Refuses Once', release_year: 1999 })).toMatchObject({
      status: 'DONE',
      usage: { calls: 2 },
    });
  });
});

/** An answer of the schema: what it has no field for would not fit. */
function onlyOf(schema: string, output: Record<string, unknown>): object {
  const fields: Record<string, string[]> = {
    movie: ['description', 'other_titles'],
    person: ['biography', 'other_names'],
    movie_text: ['description'],
    person_text: ['biography'],
  };
  return Object.fromEntries(Object.entries(output).filter(([field]) => fields[schema]?.includes(field)));
}
