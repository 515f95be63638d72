import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Case } from '../eval/case.js';
import { programFrom } from '../eval/program.js';
import { configOf, llmOf } from '../eval/setup.js';
import { NOTHING, Spending } from '../eval/spending.js';
import type { Results } from '../eval/store.js';
import type { Summed } from '../eval/summary.js';
import { prose } from './support/model/prose.js';
import { StubModel } from './support/model/stub-model.js';
import { TestServer } from './support/server/server.js';

interface Told extends Results {
  summary: Summed[];
  ending: { why: string };
}

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const WITHIN_MS = 60_000;

/** Whole commands: one for each model, all of them with the same films and people. */
describe('npm run eval', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-eval-'));
  const told = new Map<string, Told>();

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function evaluate(...options: string[]): Promise<Ended> {
    const args = ['--no-warnings', 'eval/eval.ts', ...options];
    // No setting of this machine counts: neither its key, nor its database.
    const env = { PATH: process.env.PATH, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    return new Promise((ended) => {
      execFile(process.execPath, args, { env, timeout: WITHIN_MS, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
        ended({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
      );
    });
  }

  const asked = (stub: string) => ['--stub', stub, '--sample', '20', '--json', '--out', join(folder, stub)];

  async function measure(...stubs: string[]): Promise<void> {
    for (const stub of stubs) {
      const { code, stdout, stderr } = await evaluate(...asked(stub));
      if (code !== 0) throw new Error(`${stub} ended with ${code}: ${stderr}`);
      told.set(stub, JSON.parse(stdout) as Told);
    }
  }

  const meanOf = (stub: string, column: string): number =>
    told.get(stub)!.summary.find(({ name }) => name === column)!.mean;

  beforeAll(async () => {
    await Promise.all([measure('good', 'lying', 'repeating'), measure('weak', 'foreign', 'spoiling')]);
  }, 3 * WITHIN_MS);

  it.each([
    'done',
    'schema',
    'identity',
    'year',
    'director',
    'original_title',
    'birth_date',
    'language',
    'length',
    'ending_untold',
    'clean',
  ])('a good model is right: %s', (column) => {
    expect(meanOf('good', column)).toBeGreaterThan(0.9);
  });

  it.each([
    ['weak', 'schema', -1],
    ['weak', 'length', -1],
    ['weak', 'repairs', 1],
    ['lying', 'done', -1],
    ['lying', 'identity', -1],
    ['lying', 'year', -1],
    ['lying', 'director', -1],
    ['lying', 'original_title', -1],
    ['lying', 'birth_date', -1],
    ['foreign', 'language', -1],
    ['foreign', 'clean', -1],
    ['spoiling', 'ending_untold', -1],
    ['repeating', 'similarity', 1],
    ['repeating', 'hits', 1],
  ])('a %s model is told from a good one: %s', (stub, column, sign) => {
    expect(sign * (meanOf(stub, column) - meanOf('good', column))).toBeGreaterThan(0.3);
  });

  it('a model that needs repairs costs more: calls, tokens, money and time', () => {
    for (const column of ['calls', 'input_tokens', 'output_tokens', 'cost'])
      expect(meanOf('weak', column)).toBeGreaterThan(1.5 * meanOf('good', column));
    expect(meanOf('weak', 'latency')).toBeGreaterThan(meanOf('good', 'latency') + 20);
    const { calls, cost } = told.get('good')!.spent;
    expect({ calls: calls >= 40 && calls <= 44, cost }).toEqual({ calls: true, cost: expect.any(Number) });
  });

  it('is bad in one way only where a model is: the others stay as they are', () => {
    for (const column of ['director', 'birth_date', 'language', 'length', 'schema'])
      expect(meanOf('spoiling', column)).toBeGreaterThan(0.9);
    for (const column of ['director', 'birth_date', 'schema', 'ending_untold'])
      expect(meanOf('foreign', column)).toBeGreaterThan(0.9);
  });

  it('asks for a further tone as a server does: for a text about facts that are known', () => {
    for (const { texts } of told.get('good')!.cases)
      expect(texts.map(({ tone, with_facts }) => [tone, with_facts])).toEqual([
        ['DEFAULT', true],
        ['humorous', false],
      ]);
  });

  it('says what is better and what is worse, and that a run is not worse than itself', async () => {
    const results = (stub: string) => join(folder, stub);
    const { run, ...good } = told.get('good')!;
    const askedElse = (name: string, other: Partial<Told['run']>) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify({ ...good, run: { ...run, ...other } }));
      return file;
    };
    const [worse, same, wrong, tones, blind] = await Promise.all([
      evaluate('--compare', results('good'), join(results('lying'), 'results.json'), '--strict'),
      evaluate('--compare', results('good'), results('good'), '--json', '--strict'),
      evaluate('--compare', results('good')),
      evaluate('--compare', results('good'), askedElse('tones', { tones: ['DEFAULT'], prompts: 'of one tone' })),
      evaluate('--compare', results('good'), askedElse('blind', { blind: true })),
    ]);
    expect(worse.code).toBe(1);
    expect(worse.stdout).toMatch(/director right.*worse/);
    expect(worse.stdout).toMatch(/fits the schema.*within noise/);
    expect(worse.stdout).toContain('The prompts are the same.');
    expect(same.code).toBe(0);
    const { columns } = JSON.parse(same.stdout) as { columns: { verdict: string }[] };
    expect(new Set(columns.map(({ verdict }) => verdict))).toEqual(new Set(['within noise']));
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('two results') });
    expect(tones.stdout).toContain('Only texts in the tones DEFAULT: humorous cannot be compared.');
    expect(tones.stdout).toContain('Whether the prompts are the same cannot be told');
    expect(blind).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^the run after was asked with --blind.*\n$/),
    });
  });

  it('tells the cost first, stops at its bound, and goes on without asking again', async () => {
    const out = join(folder, 'bound');
    const options = ['--stub', 'good', '--sample', '6', '--concurrency', '1', '--json', '--out', out];
    const first = await evaluate(...options, '--max-cost', '0.006');
    expect(first.code).toBe(3);
    expect(first.stderr.indexOf('the run ends before a cost of 0.0060')).toBeGreaterThanOrEqual(0);
    const half = JSON.parse(first.stdout) as Told;
    expect(half.cases.length).toBeGreaterThan(0);
    expect(half.cases.length).toBeLessThan(6);
    expect(half.spent.cost!).toBeLessThan(0.006);
    const second = await evaluate(...options);
    expect(second.code).toBe(0);
    const whole = JSON.parse(second.stdout) as Told;
    expect(whole.cases.slice(0, half.cases.length)).toEqual(half.cases);
    expect(whole.cases).toHaveLength(6);
    // A case that broke off was begun anew: one call more, where it had made one.
    expect([12, 13]).toContain(whole.spent.calls);
    const other = await evaluate(...options, '--seed', '2');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('choose another --out') });
  });

  it('asks the mock where no key is set, and only tells what it would cost', async () => {
    const { code, stderr, stdout } = await evaluate('--dry-run', '--sample', '3', '--out', join(folder, 'none'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^mock: 3 films and people.*6 texts, 0 done/);
    const unknown = await evaluate('--locale', 'xx-XX');
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('--locale takes') });
    const priceless = await evaluate('--max-cost', '1', '--out', join(folder, 'none'));
    expect(priceless).toMatchObject({ code: 2, stderr: expect.stringContaining('MODEL_PRICES') });
  });

  it('writes a report that opens by itself', () => {
    const page = readFileSync(join(folder, 'lying', 'report.html'), 'utf8');
    expect(page).toContain('<svg');
    expect(page).toContain('Not fit');
    expect(page).not.toMatch(/<script|src=/);
  });
});

const FILM = {
  title: 'Salt Harbor',
  original_title: 'Solna przystań',
  other_titles: ['Salzhafen'],
  release_year: 2009,
  directors: ['Mara Lindt', 'Jo Quist'],
  genres: ['drama', 'mystery'],
  cast: [
    { name: 'Tessa Boyle', role: 'ACTOR', character_name: 'Ingrid' },
    { name: 'Oscar Denholm', role: 'ACTOR', character_name: null },
    { name: 'Hagen Trautwein', role: 'COMPOSER', character_name: null },
  ],
};

describe('an evaluation that asks for a further tone', () => {
  let model: StubModel;
  let server: TestServer;

  beforeAll(async () => {
    model = await StubModel.start();
    server = await TestServer.start(model.settings);
  });

  afterAll(async () => {
    await server.stop();
    await model.stop();
  });

  it('tells the model what a server tells it by then', async () => {
    model.otherwise((subject, made, schema) => {
      const description = prose('en-US', `${subject} ${made}`);
      return { kind: 'answer', output: schema === 'movie' ? { ...FILM, description } : { description } };
    });
    for (const context_tag of ['DEFAULT', 'humorous'])
      await server.generate('movies', { title: 'Salt Harbor', release_year: 2009, context_tag });
    const served = model.calls.splice(0).map(({ request }) => request.messages);

    const program = await programFrom((place) => import(`../src/${place}.js`));
    program.generate.loadDetector();
    const config = configOf(program, { ...model.settings });
    const prices = new Map();
    const bounds = { cost: null, tokens: null };
    const by = { model: config.openai.model, prompt: 'v1' as const, prices, signal: new AbortController().signal };
    const spending = new Spending(program.usage, { model: by.model, prices, bounds, before: NOTHING });
    const about = { text: 'Salt Harbor', year: 2009, directors: [], originalTitle: null, birthDate: null, imdb: null };
    model.counts.clear();
    await new Case(
      { ...by, program, spending, llm: llmOf(program, config) },
      { subject: { entity: 'MOVIE', ...about }, locale: 'en-US', tones: ['DEFAULT', 'humorous'], blind: false },
    ).record();
    const evaluated = model.calls.map(({ request }) => request.messages);
    expect(evaluated).toHaveLength(2);
    expect(evaluated).toEqual(served);
  });
});
