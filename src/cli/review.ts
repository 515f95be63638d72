import type { ReviewDto, ReviewSummaryDto, SampleDto } from '../admin/reviews.dto.js';
import { entityOfWord, type KindWord } from '../domain/kinds.js';
import type { TextVerdict } from '../domain/vocabulary.js';
import type { Client } from './client.js';
import { CliError, EXIT } from './errors.js';
import { judge } from './judging.js';
import { type ListOptions, minute, showList } from './listing.js';
import { printJson, table } from './output.js';

export interface ReviewOptions extends ListOptions {
  sample: number;
  model?: string;
  prompt?: string;
  kind?: KindWord;
  summary?: boolean;
  marked?: TextVerdict;
}

const PATH = '/admin/reviews';

/** Shows texts to be judged, or what was judged. */
export async function review(client: Client, options: ReviewOptions): Promise<number> {
  const { summary, marked, json = false } = options;
  if (summary && marked) throw new CliError('ask for one of them: --summary or --marked');
  if (summary) return showSummary(client, json);
  if (marked) return showMarked(client, marked, options);
  const sample = await client.get<SampleDto>(`${PATH}/sample?${queryOf(options)}`);
  if (json) printJson(sample);
  else if (sample.results.length === 0) console.log('There is no such text that nobody has judged.');
  else await judge(client, PATH, sample.results);
  return EXIT.done;
}

function queryOf({ sample, model, prompt, kind }: ReviewOptions): string {
  const narrowed = { model, prompt_version: prompt, entity: kind && entityOfWord(kind) };
  const query = new URLSearchParams({ size: String(sample) });
  for (const [name, value] of Object.entries(narrowed)) if (value !== undefined) query.set(name, value);
  return query.toString();
}

async function showSummary(client: Client, json: boolean): Promise<number> {
  const summary = await client.get<ReviewSummaryDto>(`${PATH}/summary`);
  if (json) printJson(summary);
  else if (summary.results.length === 0) console.log('No text was judged so far.');
  else {
    const rows = summary.results.map(({ model, prompt_version, good, bad }) => {
      const share = Math.round((100 * good) / (good + bad));
      return [model, prompt_version ?? '-', String(good), String(bad), `${share} of 100`];
    });
    console.log(table(['model', 'prompts', 'good', 'bad', 'good of all'], rows));
  }
  return EXIT.done;
}

function showMarked(client: Client, verdict: TextVerdict, options: ReviewOptions): Promise<number> {
  const list = { path: PATH, filter: { verdict }, head: ['when', 'what', 'why'], cells: cellsOf };
  return showList<ReviewDto>(client, { ...list, none: `No text was judged ${verdict} so far.` }, options);
}

const cellsOf = ({ at, slug, locale, context_tag, model, prompt_version, text_id, note }: ReviewDto) => [
  minute(at),
  `${slug}, ${locale}, ${context_tag}\n${model}, prompts ${prompt_version ?? '-'}\n${text_id}`,
  note ?? '-',
];
