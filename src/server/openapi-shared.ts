import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import type { JobDto } from '../jobs/jobs.dto.js';
import { type Answer, isProblem, oneProblemEach } from './openapi-problems.js';
import { operationsOf } from './openapi-served.js';

type Part = Record<string, unknown> & { description?: string };
type Kind = 'examples' | 'headers' | 'responses' | 'parameters';

/** Where a part of the document stands, and its name among the components. */
interface Place {
  holder: Record<string, Part>;
  key: string;
  name: string;
}

interface Described {
  path: string;
  operation: { parameters?: unknown[]; responses: Record<string, Answer> };
}

/**
 * Moves parts that occur several times to the components and puts a `$ref` in their place. A part with another
 * description keeps that description beside the `$ref`. Changes the document.
 */
export function shared(document: OpenAPIObject & { webhooks?: object }): OpenAPIObject {
  const messages = Object.values(document.webhooks ?? {}) as { post: object }[];
  const all = [
    ...operationsOf(document),
    ...messages.map(({ post }) => ({ path: '', operation: post })),
  ] as Described[];
  const responses = all.map(({ operation }) => operation.responses);
  const answers = responses.flatMap((one) => Object.values(one));
  oneProblemEach(responses);
  share(document, 'examples', answers.flatMap(examplesIn));
  share(document, 'headers', answers.flatMap(headersIn));
  share(document, 'responses', responses.flatMap(responsesIn));
  share(document, 'parameters', all.flatMap(parametersIn));
  return document;
}

function share({ components }: OpenAPIObject, kind: Kind, places: Place[]): void {
  const known = ((components as unknown as Record<Kind, Record<string, Part>>)[kind] ??= {});
  const groups = groupsOf(places, sharingKey).filter(({ length }) => length > 1);
  for (const group of groups.sort((a, b) => b.length - a.length)) {
    const first = mostFrequent(group);
    // A part with this name is there already, and occurs more often.
    const name = first.name in known ? `${first.name}2` : first.name;
    if (name in known) continue;
    const part = (known[name] = partAt(first));
    for (const { holder, key } of group) {
      const { description } = holder[key]!;
      const own = description === part.description ? {} : { description };
      holder[key] = { $ref: `#/components/${kind}/${name}`, ...own };
    }
  }
}

/** The first part with the most frequent description. */
function mostFrequent(group: Place[]): Place {
  const [most] = groupsOf(group, (place) => partAt(place).description ?? '').sort((a, b) => b.length - a.length);
  return most![0]!;
}

const partAt = ({ holder, key }: Place) => holder[key]!;

/** A key that is equal for parts that differ only in their description. */
function sharingKey(place: Place): string {
  const { description: _, summary: __, ...others } = partAt(place);
  return `${place.name} ${JSON.stringify(others)}`;
}

function groupsOf(places: Place[], wordsOf: (place: Place) => string): Place[][] {
  const groups = new Map<string, Place[]>();
  for (const place of places) groups.set(wordsOf(place), [...(groups.get(wordsOf(place)) ?? []), place]);
  return [...groups.values()];
}

/** Makes PerPage of `per_page` and RetryAfter of `Retry-After`. */
const named = (...words: string[]) =>
  words
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const headersIn = ({ headers = {} }: Answer): Place[] =>
  Object.entries(headers)
    .filter(([, part]) => !('$ref' in part))
    .map(([key]) => ({ holder: headers, key, name: named(key) }));

/** Names of problems that many operations have: each letter is in the document some forty times. */
const SHORTER: Record<string, string> = {
  413: 'Too Large',
  414: 'Too Long',
  415: 'Media Type',
  422: 'Invalid',
  429: 'Too Many',
  431: 'Headers',
  503: 'Away',
};

/** What several operations answer alike: problems, `Not changed`, the job that both kinds of requests are answered. */
const responsesIn = (responses: Record<string, Answer>): Place[] =>
  Object.entries(responses).map(([key, answer]) => ({
    holder: responses as Record<string, Part>,
    key,
    name: named(subjectOf(answer), SHORTER[key] ?? STATUS_CODES[key] ?? `webhook-${key}`),
  }));

/** The schema of a success; a problem is named by its status alone. */
function subjectOf(answer: Answer): string {
  const [media] = isProblem(answer) ? [] : Object.values(answer.content ?? {});
  return media?.schema.$ref?.split('/').at(-1) ?? '';
}

/** A parameter of a path is named after the segment before it: the `id` of `/jobs/{id}` becomes JobsId. */
const parametersIn = ({ path, operation: { parameters = [] } }: Described): Place[] =>
  (parameters as { name: string; in: string }[]).map(({ name, in: place }, index) => {
    const [, before = ''] = (place === 'path' && new RegExp(`([\\w-]+)/\\{${name}\\}`).exec(path)) || [];
    return { holder: parameters as unknown as Record<string, Part>, key: String(index), name: named(before, name) };
  });

type Shown = Pick<JobDto, 'status' | 'entity'>;

/** The examples of jobs in each of their states. */
const examplesIn = ({ content = {} }: Answer): Place[] =>
  Object.values(content)
    .filter(({ schema }) => schema.$ref?.endsWith('/Job'))
    .flatMap((media) => {
      const { example } = media as { example?: Shown };
      if (example) media.examples = { [example.status.toLowerCase()]: { value: example } };
      delete media.example;
      const examples = media.examples as Record<string, Part & { value: Shown }>;
      return Object.entries(examples).map(([key, { value }]) => ({
        holder: examples,
        key,
        name: named(value.status.toLowerCase(), value.entity === 'MOVIE' ? '' : value.entity.toLowerCase(), 'job'),
      }));
    });
