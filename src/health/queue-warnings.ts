import { MOCK_MODEL } from '../config/config.js';
import { QUEUES } from '../domain/queues.js';
import type { QueueReport } from './queue-report.js';

/** A shorter pause of the model passes by itself, milliseconds. */
const LONG_PAUSE_MS = 30_000;

/** One line for all queues that the model's service holds up. */
function throttleWarnings(reports: QueueReport[]): string[] {
  const throttle = reports.find((report) => report.throttle)?.throttle;
  if (!throttle || throttle.until.getTime() - throttle.since.getTime() < LONG_PAUSE_MS) return [];
  const why = throttle.reason ? ` (${throttle.reason.replace(/\.$/, '')})` : '';
  return [
    `Queues ${QUEUES.join(' and ')} rest until ${throttle.until.toISOString()}, ` +
      `as the model's service has asked${why}: ` +
      'npx moviemind queues resume --now ends it',
  ];
}

function budgetWarnings(reports: QueueReport[]): string[] {
  const spent = reports.find(({ budget }) => budget)?.budget;
  if (!spent) return [];
  const until = spent.until.toISOString();
  return [`Queues ${QUEUES.join(' and ')} rest until ${until}: DAILY_TOKEN_BUDGET is spent; set it higher and restart`];
}

/** One line for each model that is held. */
function heldWarnings(reports: QueueReport[]): string[] {
  const [first] = reports.filter(({ heldModels }) => heldModels.length > 0);
  return (first?.heldModels ?? []).map(({ model, message, reason, opened_at, next_probe_at, holds }) => {
    const said = [message.replace(/\.$/, ''), ...(reason ? [reason] : [])].join(': ');
    const consequence = holds ? `queues ${QUEUES.join(' and ')} wait` : 'another model is asked instead';
    const now = holds ? ', or now by npx moviemind queues resume --now' : '';
    return (
      `The model ${model} is held since ${opened_at.toISOString()} (${said}), ${consequence}; ` +
      `the next probe is due at ${next_probe_at.toISOString()}${now}`
    );
  });
}

/**
 * Warnings about the queues and their workers, one line each.
 * @param forReal `false`: this is only a trial, so the mock is no reason for a warning
 */
export function queueWarnings(reports: QueueReport[], forReal: boolean): string[] {
  const waiting = reports.reduce((sum, { jobs }) => sum + jobs.due + jobs.dispatched, 0);
  const nobody = reports.length > 0 && reports.every(({ workers }) => workers.length === 0);
  const allQuiet = reports.every(({ workers }) => workers.every(({ quiet }) => quiet));
  return [
    ...(nobody ? [`No worker is alive, jobs that wait: ${waiting}; start one (ROLE=worker)`] : []),
    ...(!nobody && allQuiet ? [drainedWarning(waiting)] : []),
    ...budgetWarnings(reports),
    ...heldWarnings(reports),
    ...throttleWarnings(reports),
    ...reports.flatMap((report) => standstills(report, nobody)),
    ...(forReal ? mockWarnings(reports) : []),
  ];
}

const drainedWarning = (waiting: number) =>
  `All workers that are alive are drained, jobs that wait: ${waiting}; ` +
  'start another, or have one go on: npx moviemind workers resume <name>';

function mockWarnings(reports: QueueReport[]): string[] {
  const workers = reports.flatMap((report) => report.workers).filter(({ model }) => model === MOCK_MODEL);
  const names = new Set(workers.map(({ host, pid }) => `${host}:${pid}`));
  if (names.size === 0) return [];
  const where = [...names].join(', ');
  return [`The mock model writes placeholders into this database (${where}): set OPENAI_API_KEY or OPENAI_BASE_URL`];
}

function standstills({ name, paused_at, jobs, workers }: QueueReport, nobody: boolean): string[] {
  const since = paused_at?.toISOString();
  const waiting = jobs.due + jobs.dispatched;
  return [
    ...(since ? [`Queue ${name} is paused since ${since}: its jobs wait until it is resumed`] : []),
    ...(!nobody && workers.length === 0 ? [`Queue ${name}: no worker is alive, jobs that wait: ${waiting}`] : []),
  ];
}
