import type { JobDto } from '../jobs/jobs.dto.js';
import { KINDS, kindOfWord } from '../domain/kinds.js';
import { isFinished } from '../domain/vocabulary.js';
import type { TextDto } from '../domain/text.dto.js';
import { pathBelow } from './address.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import { LiveLine } from './live-line.js';
import type { GenerateOptions, Kind } from './options.js';
import { printJson } from './output.js';

type OfText = 'year' | 'slug' | 'director' | 'imdb' | 'tmdb' | 'locale' | 'context';
type Said = OfText | 'choose' | 'refreshFacts' | 'reuse' | 'metadata';

interface Wanted extends Pick<GenerateOptions, Said> {
  kind: Kind;
  text?: string;
}

/** The body of a generate request. */
export function requestBody(wanted: Wanted): Record<string, unknown> {
  const { kind, text, year, slug, director, imdb, tmdb, locale, context } = wanted;
  const fields = kindOfWord(kind);
  return {
    [fields.text]: text,
    [fields.year]: year,
    slug,
    director,
    external_ids: (imdb ?? tmdb) === undefined ? undefined : { imdb, tmdb },
    locale,
    context_tag: context,
    if_exists: wanted.reuse ? 'reuse' : undefined,
    if_ambiguous: wanted.choose ? 'choose' : undefined,
    refresh_facts: wanted.refreshFacts,
    metadata: wanted.metadata,
  };
}

/** Submits the request. With `--wait`, and always when the server ends with the command, it shows the text. */
export async function generateOne(client: Client, one: Wanted & GenerateOptions): Promise<number> {
  client.line.deadline = Date.now() + one.timeout * 1000;
  const accepted = await client.submit(one.kind, requestBody(one));
  if (one.wait || client.line.alone) return showResult(client, await follow(client, accepted), one.json ?? false);
  if (one.json) printJson(accepted);
  else console.log(`${accepted.status}  ${placeOf(client, accepted)}`);
  return EXIT.done;
}

/** Waits for the end and prints each state on stderr when it changes. */
export async function follow(client: Client, job: JobDto): Promise<JobDto> {
  if (isFinished(job.status)) return job;
  const line = new LiveLine();
  const last = await client.finished(job.job_id, (now) => line.show(stateOf(now)));
  line.end();
  return last;
}

/** A job's state in one line, with what holds it up. */
export const stateOf = ({ status, attempts, max_attempts, hold }: JobDto) =>
  `${status} (try ${attempts} of ${max_attempts})${hold ? `: ${hold.message}` : ''}`;

/** Prints the job and its text. @returns the exit code */
export async function showResult(client: Client, job: JobDto, json: boolean): Promise<number> {
  const link = job.status === 'DONE' ? job.links.result : null;
  const result = link && (await client.get<Record<string, TextDto>>(pathBelow(client.line.url, link)));
  if (json) {
    printJson({ job, result });
  } else if (result) {
    // The field `description` has the text with the id `description_id`.
    const text = result[KINDS[job.entity].textId.replace(/_id$/, '')];
    console.log(`\n${job.slug} (${text?.ai_model}, version ${text?.version})`);
    console.log(`${client.line.temporary ? laterAt(job) : addressOf(client, link)}\n\n${text?.text}`);
  } else {
    console.log(`${job.status}: ${job.error ? `${job.error.type}: ${job.error.message}` : `job ${job.job_id}`}`);
    const lines = suggestionsOf(job);
    if (lines.length > 0) console.log(`${lines.join('\n')}\n${askFor(job)}`);
  }
  return link ? EXIT.done : EXIT.unwritten;
}

/** What may have been meant, a line each: the slug to ask for, the name, the year. */
function suggestionsOf({ entity, error }: JobDto): string[] {
  const { text, year } = KINDS[entity];
  return (error?.suggestions ?? []).map((one) => `  ${one.slug}  ${one[text]}${one[year] ? ` (${one[year]})` : ''}`);
}

const askFor = ({ entity, error }: JobDto) =>
  `Ask for one by its slug: npx moviemind generate ${KINDS[entity].word} --slug ${error!.suggestions![0]!.slug} --wait`;

/** When the server ends with the command, its address would be useless, so this names the command instead. */
const laterAt = ({ job_id, links }: JobDto) =>
  `to see it again: npx moviemind job ${job_id}, or npm start and then GET ${links.result}`;

/** Where a job is seen later. */
const placeOf = (client: Client, { job_id, links }: JobDto) =>
  client.line.temporary ? `npx moviemind jobs show ${job_id}` : addressOf(client, links.self);

const addressOf = ({ line }: Client, link: string) => line.url + pathBelow(line.url, link);
