import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseRecord, RunSettings } from './records.ts';
import { NOTHING, type Spent, sumOf, together } from './spending.ts';

/** A run that cannot be begun, compared or gone on with as it was asked for: one line that says what to do. */
export class EvalError extends Error {}

/** A line of the file of cases: one that is done, or what one has cost that broke off. */
type Line = { case: CaseRecord } | { broken: string; spent: Spent };

/** The results of a run, as one document. */
export interface Results {
  run: RunSettings;
  /** Of all that was asked for, whether or not its case was finished. */
  spent: Spent;
  cases: CaseRecord[];
}

const SETTINGS = 'run.json';
const CASES = 'cases.jsonl';
const RESULTS = 'results.json';

/**
 * The folder of a run. Each case that is done is a line, so a run that was broken off goes on where it was, and what
 * was paid for is kept.
 */
export class Store {
  readonly folder: string;
  readonly done = new Map<string, CaseRecord>();
  /** Of the lines that were there when it was opened. */
  spentBefore: Spent = NOTHING;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * @param onlyLooks whether nothing is written
   * @throws EvalError when another run is in the folder
   */
  static open(folder: string, settings: RunSettings, onlyLooks = false): Store {
    const file = join(folder, SETTINGS);
    if (existsSync(file)) refuseOther(settingsIn(file), settings, folder);
    if (!onlyLooks) {
      mkdirSync(folder, { recursive: true });
      writeWhole(file, `${JSON.stringify(settings, null, 2)}\n`);
    }
    const store = new Store(folder);
    store.read();
    return store;
  }

  add(one: CaseRecord): void {
    this.done.set(one.id, one);
    this.append({ case: one });
  }

  addBroken(id: string, spent: Spent): void {
    if (spent.calls + sumOf(spent.untold) > 0) this.append({ broken: id, spent });
  }

  /** @returns where it is */
  writeResults(results: Results): string {
    const file = join(this.folder, RESULTS);
    writeWhole(file, `${JSON.stringify(results, null, 1)}\n`);
    return file;
  }

  private append(line: Line): void {
    appendFileSync(join(this.folder, CASES), `${JSON.stringify(line)}\n`);
  }

  private read(): void {
    const file = join(this.folder, CASES);
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    for (const line of text.split('\n')) this.take(lineIn(line));
    // A process that died while it wrote left half a line: the next one begins anew.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  }

  private take(line: Line | null): void {
    if (line === null) return;
    if ('case' in line) this.done.set(line.case.id, line.case);
    // A line of an earlier version says nothing of what was untold.
    for (const spent of 'case' in line ? line.case.texts : [line.spent])
      this.spentBefore = together(this.spentBefore, { ...NOTHING, ...spent });
  }
}

/** A process that dies meanwhile leaves the file as it was. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCase = (value: unknown): value is CaseRecord =>
  isObject(value) && Array.isArray(value.texts) && value.texts.every(isObject);

/** @returns `null`: it is empty, half of one, or of another form; its case is then not done */
function lineIn(text: string): Line | null {
  try {
    const line = JSON.parse(text) as unknown;
    return isObject(line) && ('case' in line ? isCase(line.case) : isObject(line.spent)) ? (line as Line) : null;
  } catch {
    return null;
  }
}

/** @throws EvalError that says why not */
function jsonIn(file: string, advice: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw new EvalError(`cannot read ${file}: it is no JSON, or half of it. ${advice}`);
    throw new EvalError(`cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : code}`);
  }
}

function settingsIn(file: string): RunSettings {
  const advice = `Delete it, and give the command that began this run, or choose another --out`;
  const settings = jsonIn(file, advice);
  if (!isObject(settings)) throw new EvalError(`${file} has no settings of a run. ${advice}`);
  return settings as unknown as RunSettings;
}

function refuseOther(there: RunSettings, asked: RunSettings, folder: string): void {
  const names = Object.keys(asked) as (keyof RunSettings)[];
  // More of the same sample is the same run, gone on with.
  const other = names.find((name) => name !== 'sample' && JSON.stringify(there[name]) !== JSON.stringify(asked[name]));
  if (other === undefined) return;
  throw new EvalError(
    `${folder} has a run with ${other} ${JSON.stringify(there[other])}, and this one has ` +
      `${JSON.stringify(asked[other])}: choose another --out`,
  );
}

/** Reads the results of a run: the document, or the folder that it is in. @throws EvalError */
export function readResults(path: string): Results {
  const file = path.endsWith('.json') ? path : join(path, RESULTS);
  const advice = 'Give the command of that run again: it makes the file anew, and asks for nothing twice';
  const results = jsonIn(file, advice) as Partial<Results> | null;
  const { run, cases } = results ?? {};
  if (run?.version !== 1 || !Array.isArray(cases)) throw new EvalError(`${file} has no results of npm run eval`);
  const isWhole = Array.isArray(run.tones) && Array.isArray(run.locales) && cases.every(isCase);
  if (!isWhole) throw new EvalError(`${file} lacks texts or settings of its run. ${advice}`);
  return results as Results;
}
