import { MOCK_MODEL } from '../config/config.js';
import { QUEUES } from '../domain/queues.js';
import { type Finding, finding } from './finding.js';
import type { QueueReport } from './queue-report.js';

/** A shorter pause of the model passes by itself, milliseconds. */
const LONG_PAUSE_MS = 30_000;
const RESUME_NOW = 'npx moviemind queues resume --now ends it';

/** One for all queues that the model's service holds up. */
function pauseOfModel(reports: QueueReport[]): Finding[] {
  const throttle = reports.find((report) => report.throttle)?.throttle;
  if (!throttle || throttle.until.getTime() - throttle.since.getTime() < LONG_PAUSE_MS) return [];
  const why = throttle.reason ? ` (${throttle.reason.replace(/\.$/, '')})` : '';
  const until = throttle.until.toISOString();
  const message = `Queues ${QUEUES.join(' and ')} rest until ${until}, as the model's service has asked${why}`;
  return [finding('model_pause', message, RESUME_NOW)];
}

function spentBudget(reports: QueueReport[]): Finding[] {
  const spent = reports.find(({ budget }) => budget)?.budget;
  if (!spent) return [];
  const until = spent.until.toISOString();
  const message = `Queues ${QUEUES.join(' and ')} rest until ${until}: DAILY_TOKEN_BUDGET is spent`;
  return [finding('budget_spent', message, 'set it higher and restart')];
}

/** One for each model that is held. */
function heldModels(reports: QueueReport[]): Finding[] {
  const [first] = reports.filter(({ heldModels }) => heldModels.length > 0);
  return (first?.heldModels ?? []).map(({ model, message, reason, opened_at, next_probe_at, holds }) => {
    const said = [message.replace(/\.$/, ''), ...(reason ? [reason] : [])].join(': ');
    const consequence = holds ? `queues ${QUEUES.join(' and ')} wait` : 'another model is asked instead';
    const since = `The model ${model} is held since ${opened_at.toISOString()} (${said}), ${consequence}`;
    const probe = `the next probe is due at ${next_probe_at.toISOString()}`;
    if (!holds) return finding('model_held', since, `look at its service, ${probe}`, 'warning');
    return finding('model_held', since, `${probe}, or now by npx moviemind queues resume --now`);
  });
}

/**
 * What keeps the jobs of queues waiting.
 * @param forReal `false`: this is only a trial, so the mock is no reason to warn
 */
export function queueFindings(reports: QueueReport[], forReal: boolean): Finding[] {
  const waiting = reports.reduce((sum, { jobs }) => sum + jobs.due + jobs.dispatched, 0);
  const nobody = reports.length > 0 && reports.every(({ workers }) => workers.length === 0);
  const message = `No worker is alive, jobs that wait: ${waiting}`;
  const all = reports.flatMap(({ workers }) => workers);
  return [
    ...(nobody ? [finding('no_worker', message, 'start one (ROLE=worker)')] : []),
    ...(all.length > 0 && all.every(({ quiet }) => quiet) ? [allDrained(waiting)] : []),
    ...spentBudget(reports),
    ...heldModels(reports),
    ...pauseOfModel(reports),
    ...reports.flatMap((report) => standstills(report, nobody)),
    ...(forReal ? mocks(reports) : []),
  ];
}

const allDrained = (waiting: number) =>
  finding(
    'workers_drained',
    `All workers that are alive are drained, jobs that wait: ${waiting}`,
    'start another, or have one go on: npx moviemind workers resume <name>',
  );

function mocks(reports: QueueReport[]): Finding[] {
  const workers = reports.flatMap((report) => report.workers).filter(({ model }) => model === MOCK_MODEL);
  const names = new Set(workers.map(({ host, pid }) => `${host}:${pid}`));
  if (names.size === 0) return [];
  const message = `The mock model writes placeholders into this database (${[...names].join(', ')})`;
  return [finding('model_mock', message, 'set OPENAI_API_KEY or OPENAI_BASE_URL')];
}

function standstills({ name, paused_at, jobs, workers }: QueueReport, nobody: boolean): Finding[] {
  const since = paused_at?.toISOString();
  const paused = `Queue ${name} is paused since ${since}: its jobs wait until it is resumed`;
  const alone = `Queue ${name}: no worker is alive, jobs that wait: ${jobs.due + jobs.dispatched}`;
  const lacks = !nobody && workers.length === 0;
  return [
    ...(since ? [finding('queue_paused', paused, `npx moviemind queues resume ${name}`)] : []),
    ...(lacks ? [finding('queue_without_worker', alone, 'start one (ROLE=worker)')] : []),
  ];
}
