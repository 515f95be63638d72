import { createInterface } from 'node:readline';
import type { ReviewDto, SampledTextDto } from '../admin/reviews.dto.js';
import { LONGEST_REVIEW_NOTE, type TextVerdict } from '../domain/vocabulary.js';
import { trimmed, whyNotText } from '../http/fields.js';
import type { Client } from './client.js';
import { Refused } from './errors.js';
import { table } from './output.js';

/** What is said of a text. A skipped one has no verdict. */
interface Said {
  verdict: TextVerdict | null;
  note?: string;
}

/** What is answered where there is no such text any more, or somebody else's. */
const GONE = [404, 409];
/** What is answered to a note that the server does not take. */
const UNFIT = 422;
const LETTERS: Record<string, TextVerdict | null> = { g: 'good', b: 'bad', s: null };
const ASK = 'good, bad, skip or quit? g, b, s or q, and a note behind it: ';

/** Shows one text after the other, and has each verdict noted before the next. Ends with the texts, q or the input. */
export async function judge(
  client: Client,
  path: string,
  texts: SampledTextDto[],
  from: NodeJS.ReadableStream = process.stdin,
): Promise<void> {
  const { signal } = client.line;
  // No terminal of its own: Ctrl-C then ends the command as it does elsewhere, and lines that come at once are kept.
  const input = createInterface({ input: from, terminal: false, signal });
  const lines = input[Symbol.asyncIterator]();
  const counts = { good: 0, bad: 0 };
  try {
    for (const [place, one] of texts.entries()) {
      console.log(`\n${place + 1} of ${texts.length}: ${shown(one)}`);
      const noted = await notedOf(client, `${path}/${one.text.id}`, lines);
      if (noted === null) break;
      if (noted !== 'nothing') counts[noted]++;
    }
  } finally {
    input.close();
  }
  signal.throwIfAborted();
  console.log(`\ngood: ${counts.good}, bad: ${counts.bad}`);
}

/** Asks until what is said can be noted. A text may be gone meanwhile: nothing is noted. @returns `null`: no more */
async function notedOf(
  client: Client,
  path: string,
  lines: AsyncIterator<string>,
): Promise<TextVerdict | 'nothing' | null> {
  for (;;) {
    const said = await saidIn(lines);
    if (said === null) return null;
    if (said.verdict === null) return 'nothing';
    const status = await refusalOf(client, path, said);
    if (status === null) return said.verdict;
    if (status !== UNFIT) return 'nothing';
  }
}

/** Has it noted. @returns the status with which the server refused it, and why is told; `null`: it is noted */
async function refusalOf(client: Client, path: string, said: Said): Promise<number | null> {
  try {
    await client.act<ReviewDto>(path, said, 'PUT');
    return null;
  } catch (error) {
    if (!(error instanceof Refused && [...GONE, UNFIT].includes(error.status))) throw error;
    process.stderr.write(`not noted: ${error.message}\n`);
    return error.status;
  }
}

/** Asks until there is an answer. @returns `null`: no more */
async function saidIn(lines: AsyncIterator<string>): Promise<Said | null> {
  for (;;) {
    process.stderr.write(ASK);
    const next = await lines.next();
    const [, letter = '', note = ''] = /^([gbsq])(?:\s+(.+))?$/i.exec(next.done ? 'q' : next.value.trim()) ?? [];
    const word = letter.toLowerCase();
    if (word === 'q') return null;
    if (!(word in LETTERS)) continue;
    const wrong = note === '' ? null : whyNotText(trimmed(note, LONGEST_REVIEW_NOTE), 1, LONGEST_REVIEW_NOTE);
    if (wrong === null) return { verdict: LETTERS[word] ?? null, ...(note && { note }) };
    process.stderr.write(`A note ${wrong}.\n`);
  }
}

/** Its facts on the left, the text on the right. */
function shown({ name, year, facts, text }: SampledTextDto): string {
  const { locale, context_tag, version, ai_model, prompt_version, created_at } = text;
  const title = year === null ? name : `${name} (${year})`;
  const written = [`${ai_model}`, `prompts ${prompt_version ?? '-'}`, `version ${version}`, created_at.slice(0, 10)];
  const known = Object.entries(facts as Record<string, Fact>).flatMap(([what, value]) => lineOf(what, value));
  const body = table(['facts', 'text'], [[known.join('\n'), text.text]]);
  return `${title}, ${locale}, ${context_tag}\n${written.join(', ')}\n${body}`;
}

/** As a prompt tells it; credits are lists by role. */
type Fact = string | number | null | string[] | { [role: string]: string[] };

/** What is not known has no line. */
function lineOf(what: string, value: Fact): string[] {
  if (value === null || (Array.isArray(value) && value.length === 0)) return [];
  if (Array.isArray(value)) return [`${what}: ${value.join(', ')}`];
  if (typeof value === 'object') return Object.entries(value).flatMap(([role, all]) => lineOf(role, all));
  return [`${what}: ${value}`];
}
