import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseRecord, RunSettings } from './records.js';
import { reportOf } from './report.js';
import { NOTHING } from './spending.js';
import { EvalError, readResults, Store } from './store.js';

const SETTINGS: RunSettings = {
  version: 1,
  model: 'small',
  service: 'localhost:1',
  kind: 'all',
  sample: 2,
  seed: 1,
  locales: ['en-US'],
  tones: ['DEFAULT'],
  blind: false,
  prompt: 'v1',
  prompts: 'abc',
};
const CASE: CaseRecord = {
  id: 'one',
  entity: 'MOVIE',
  subject: '<b>& "Alien"',
  year: 1979,
  imdb: null,
  locale: 'en-US',
  texts: [
    {
      tone: 'DEFAULT',
      outcome: 'VALIDATION_ERROR',
      message: 'It is <script>alert(1)</script>',
      with_facts: true,
      repaired: true,
      met: ['length', 'length'],
      duration_ms: 900,
      text: '<img src=x onerror=alert(1)>',
      calls: 2,
      input_tokens: 100,
      output_tokens: 10,
      cost: 0.25,
      untold: { input: 0, output: 2500 },
      longest: 10,
      schema: true,
      identity: true,
      year: false,
      director: null,
      original_title: null,
      birth_date: null,
      language: true,
      length: false,
      words: 7,
      ending_untold: true,
      hits: ['length'],
      similarity: null,
    },
  ],
};

describe('the folder of a run', () => {
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'moviemind-eval-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps what is done, and what it cost, for the one that goes on', () => {
    const store = Store.open(folder, SETTINGS);
    store.add(CASE);
    store.addBroken('two', { ...NOTHING, calls: 1, input_tokens: 5, output_tokens: 5, cost: 0.25, longest: 5 });
    store.addBroken('three', { ...NOTHING, untold: { input: 700, output: 2500 } });
    store.addBroken('four', NOTHING);
    const again = Store.open(folder, { ...SETTINGS, sample: 50 });
    expect([...again.done.values()]).toEqual([CASE]);
    const told = { calls: 3, input_tokens: 105, output_tokens: 15, cost: 0.5 };
    expect(again.spentBefore).toEqual({ ...told, untold: { input: 700, output: 5000 }, longest: 10 });
  });

  it('is read past the half of a line that a killed process left', () => {
    Store.open(folder, SETTINGS).add(CASE);
    appendFileSync(join(folder, 'cases.jsonl'), '{"case":{"id":"ha');
    Store.open(folder, SETTINGS).add({ ...CASE, id: 'two' });
    expect([...Store.open(folder, SETTINGS).done.keys()]).toEqual(['one', 'two']);
  });

  it('takes no other run', () => {
    Store.open(folder, SETTINGS);
    expect(() => Store.open(folder, { ...SETTINGS, model: 'large' })).toThrow(/a run with model "small".*--out/);
    expect(() => Store.open(folder, { ...SETTINGS, prompts: 'def' })).toThrow(EvalError);
  });

  it('is not made by somebody who only looks', () => {
    const none = join(folder, 'none');
    Store.open(none, SETTINGS, true);
    expect(() => readResults(none)).toThrow(/there is no such file/);
  });

  it('has results that are read again, and nothing else is', () => {
    const results = { run: SETTINGS, spent: NOTHING, cases: [CASE] };
    const file = Store.open(folder, SETTINGS).writeResults(results);
    expect(readResults(folder)).toEqual(results);
    expect(readResults(file)).toEqual(results);
    writeFileSync(file, '{"run":{}}');
    expect(() => readResults(file)).toThrow(/no results/);
    writeFileSync(file, '{');
    expect(() => readResults(file)).toThrow(/no JSON/);
  });

  it.each([
    ['half a document', '{"version": 1, "mod'],
    ['nothing', ''],
    ['no settings', 'null'],
  ])('is not gone on with where its settings are %s, and says which file that is', (_, text) => {
    const file = join(folder, 'run.json');
    writeFileSync(file, text);
    const open = () => Store.open(folder, SETTINGS);
    expect(open).toThrow(EvalError);
    expect(open).toThrow(/^[^\n]*run\.json[^\n]* Delete it[^\n]*--out$/);
  });

  it.each([
    ['of cases without texts', { run: SETTINGS, cases: [{ ...CASE, texts: undefined }] }],
    ['of no cases', { run: SETTINGS, cases: [null] }],
    ['of texts that are none', { run: SETTINGS, cases: [{ ...CASE, texts: [null] }] }],
    ['of an unknown run', { run: { version: 1 }, cases: [] }],
    ['of nothing', null],
  ])('has no results that are compared where they are %s, and says which file that is', (_, results) => {
    const file = join(folder, 'results.json');
    writeFileSync(file, JSON.stringify(results));
    expect(() => readResults(folder)).toThrow(EvalError);
    expect(() => readResults(folder)).toThrow(/^[^\n]*results\.json (?:lacks texts[^\n]*again|has no results)[^\n]*$/);
  });

  it('asks again for what a line of another form says', () => {
    Store.open(folder, SETTINGS).add(CASE);
    appendFileSync(join(folder, 'cases.jsonl'), '5\n{"case":{"id":"two"}}\n{"broken":"three"}\n{}\n');
    expect([...Store.open(folder, SETTINGS).done.keys()]).toEqual(['one']);
  });

  it('has a report in which nothing runs, and nothing is loaded, whatever a model wrote', () => {
    const page = reportOf({ run: SETTINGS, spent: NOTHING, cases: [CASE] });
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toMatch(/<script|<img|<link|<b>|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    expect(page).toContain('Not fit (1)');
    expect(page.match(/<svg/g)!.length).toBeGreaterThan(1);
  });
});
