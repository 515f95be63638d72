import { GATE_NAMES, GATE_OUTCOMES } from '../domain/gate-names.js';
import { ENTITIES } from '../domain/kinds.js';
import { PROMPT_VERSIONS } from '../domain/prompt-versions.js';
import { ERROR_TYPES, isFinished, STATUSES } from '../domain/vocabulary.js';
import { ATTEMPT_ENDS } from '../webhooks/events.js';
import type { Counter, Labels } from './counter.js';
import type { Family } from './family.js';
import { type HistogramName, linesOf } from './histograms.js';

/** Every value that each label can have. */
type Values = Record<string, readonly string[]>;

const OF_KIND: Values = { entity: ENTITIES };
const OF_PROMPT: Values = { prompt_version: PROMPT_VERSIONS };

const COUNTERS: [name: string, help: string, values: Values][] = [
  ['jobs_accepted_total', 'Jobs accepted; a request for a subject that is active makes none', OF_KIND],
  [
    'jobs_finished_total',
    'Jobs that reached a final state',
    { ...OF_KIND, status: STATUSES.filter((status) => isFinished(status)) },
  ],
  [
    'jobs_failed_total',
    'Jobs that reached the state FAILED, by the type of their error; NOT_FOUND and AMBIGUOUS are answers, no faults',
    { ...OF_KIND, type: ERROR_TYPES },
  ],
  [
    'retries_total',
    'Tries that failed and are followed by another, by the type of their error',
    { ...OF_KIND, type: ERROR_TYPES },
  ],
  ['crashes_recovered_total', 'Tries whose worker was lost, and whose job was taken from it', OF_KIND],
  ['claims_lost_total', 'Claims a worker found gone: the job was cancelled, or the lease had run out', OF_KIND],
  [
    'model_calls_total',
    'Tries that ended by themselves, by DONE or the type of their error',
    { ...OF_KIND, outcome: ['DONE', ...ERROR_TYPES] },
  ],
  ['model_tokens_total', 'Tokens the model has charged', { ...OF_KIND, direction: ['input', 'output'] }],
  ['texts_written_total', 'Texts stored, by the version of the prompts', { ...OF_KIND, ...OF_PROMPT }],
  [
    'gate_stops_total',
    'Answers that did not pass a gate; repaired: the next one did, refused: no fit one followed in the try',
    { gate: GATE_NAMES, outcome: GATE_OUTCOMES, ...OF_PROMPT },
  ],
  [
    'webhook_attempts_total',
    'Attempts to deliver a message; RETRIED: another follows, FAILED: it is given up, DISABLED: its endpoint is gone',
    { outcome: ATTEMPT_ENDS },
  ],
  ['log_lines_dropped_total', 'Log lines lost to a full disk or to a reader that stands still or is gone', {}],
];

const HISTOGRAMS: Record<HistogramName, string> = {
  job_wait_seconds: 'How long jobs waited for a worker, from the time that they were due to their claim',
  job_duration_seconds: 'How long jobs took that are DONE, from their request or their last retry',
  generation_duration_seconds: 'How long tries took, from the claim to their end',
  model_call_duration_seconds: 'How long calls of the model took, a try has up to three',
  store_duration_seconds: 'How long the transaction took that stored a result',
};

/**
 * What processes have counted together. Every series is there from the beginning, at 0: an alert on what grows sees the
 * first failure of an installation, too.
 */
export function countedFamilies(counters: Counter[]): Family[] {
  return [
    ...COUNTERS.map(([name, help, values]): Family => {
      const own = counters.filter((one) => one.name === name);
      return { name, help, type: 'counter', values: withZeros(own, values) };
    }),
    ...Object.entries(HISTOGRAMS).map(([name, help]): Family => {
      const lines = linesOf(name as HistogramName, counters);
      return { name, help, type: 'histogram', values: lines.map(({ suffix, ...line }) => ({ ...line, suffix })) };
    }),
  ];
}

function withZeros(counted: Counter[], values: Values): Pick<Counter, 'labels' | 'value'>[] {
  const found = new Map(counted.map(({ labels, value }) => [nameOf(labels), { labels: sorted(labels), value }]));
  for (const labels of combined(values))
    if (!found.has(nameOf(labels))) found.set(nameOf(labels), { labels: sorted(labels), value: 0 });
  return [...found.values()];
}

const combined = (values: Values): Labels[] =>
  Object.entries(values).reduce<Labels[]>(
    (all, [label, each]) => all.flatMap((labels) => each.map((value) => ({ ...labels, [label]: value }))),
    [{}],
  );

/** PostgreSQL orders the keys of an object in its own way. */
const sorted = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
const nameOf = (labels: Labels) => JSON.stringify(sorted(labels));
