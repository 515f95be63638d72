import { WEBHOOK_QUEUE } from '../domain/queues.js';
import { counted, type Finding, finding, foundIn } from './finding.js';
import type { QueueReport } from './queue-report.js';
import { LEFT_SECONDS, type WorkReport } from './work-report.js';

/** Fewer failures in an hour are no pattern. */
const JOBS = 10;
const MESSAGES = 5;
/** Of all that ended in an hour. */
const SHARE = 0.2;
/** So many failed jobs mean that nobody looks at them. */
const PILED_UP = 1000;
/** Of DAILY_TOKEN_BUDGET. */
const NEARLY_SPENT = 0.9;

/** What becomes of jobs and messages. @param kept failed jobs that nobody has retried or forgotten yet */
export function workFindings(report: WorkReport | null, kept: number): Finding[] {
  if (!report) return [];
  return [
    ...ofJobs(report, kept),
    ...ofMessages(report),
    ...ofBudget(report),
    ...ofFacts(report),
    ...ofRetention(report),
  ];
}

const percent = (part: number, all: number) => `${Math.round((part / all) * 100)} %`;

function ofJobs({ last_hour: { ended, failed } }: WorkReport, kept: number): Finding[] {
  const all = ended + failed;
  return foundIn(
    [
      failed >= JOBS && failed >= SHARE * all,
      () =>
        finding(
          'jobs_failing',
          `${counted(failed, 'job')} failed over the last hour, ${percent(failed, all)} of those that ended`,
          'GET /admin/failed-jobs says why; retry them once that is mended',
        ),
    ],
    [
      kept >= PILED_UP,
      () =>
        finding(
          'failed_jobs_piled_up',
          `${kept} failed jobs are kept, nobody has retried or forgotten them`,
          'retry or forget them: POST /admin/failed-jobs/retry, DELETE /admin/failed-jobs?older_than=30d',
        ),
    ],
  );
}

function ofMessages({ messages: { delivered, failing }, disabled_endpoints: disabled }: WorkReport): Finding[] {
  const all = delivered + failing;
  return foundIn(
    [
      failing >= MESSAGES && failing >= SHARE * all,
      () =>
        finding(
          'webhooks_failing',
          `Webhooks: ${counted(failing, 'message')} found no taker over the last hour, ${percent(failing, all)} of all`,
          'GET /admin/deliveries says why; what is given up is sent again by its replay',
        ),
    ],
    [
      disabled > 0,
      () =>
        finding(
          'webhook_endpoints_disabled',
          `Webhooks: ${counted(disabled, 'endpoint')} answered 410, nothing is sent there any more`,
          'GET /webhooks/endpoints lists them; enable those that are back, and replay',
        ),
    ],
  );
}

/** That it is spent is told of the queues. */
function ofBudget({ tokens: { used, limit } }: WorkReport): Finding[] {
  if (limit === null || used < NEARLY_SPENT * limit || used >= limit) return [];
  const message = `${percent(used, limit)} of DAILY_TOKEN_BUDGET are spent: jobs will wait until midnight UTC`;
  return [finding('budget_nearly_spent', message, 'set it higher and restart, or have fewer texts written today')];
}

function ofFacts({ facts_away: away }: WorkReport): Finding[] {
  if (away === null) return [];
  const reason = away.reason.replace(/\.$/, '');
  const message = `Facts are not looked up for ${away.seconds} s yet, the model tells them: ${reason}`;
  const next = /\b429\b/.test(reason)
    ? 'it ends by itself; if it comes often, ask TMDB for more requests'
    : 'look at TMDB_API_KEY, TMDB_BASE_URL and the way there';
  return [finding('facts_away', message, next)];
}

function ofRetention({ overdue }: WorkReport): Finding[] {
  const late = Object.entries(overdue).filter(([, count]) => count > 0);
  if (late.length === 0) return [];
  const what = late.map(([kind, count]) => `${kind}: ${count}`).join(', ');
  const message = `Rows should have been forgotten more than a day ago (${what}), the database grows`;
  return [finding('retention_behind', message, 'look at the log for housekeeping, and at what blocks deletes')];
}

/**
 * Workers that beat and take nothing although jobs are due: hung, or at a queue of another address. Bounds that all
 * workers share may leave one of them without work, so then they are looked at together.
 */
export function idleFindings(reports: QueueReport[], report: WorkReport | null): Finding[] {
  return report ? reports.flatMap((queue) => idleAt(queue, report)) : [];
}

function idleAt(queue: QueueReport, { taken, bounded }: WorkReport): Finding[] {
  const { name, jobs, workers } = queue;
  const waits = jobs.oldest_waiting_seconds ?? 0;
  const isHeld = queue.paused_at ?? queue.budget ?? queue.throttle ?? queue.model;
  // Which worker sends a message is not written down.
  if (name === WEBHOOK_QUEUE || isHeld || waits < LEFT_SECONDS) return [];
  const takes = (worker: string) => taken.some((one) => one.worker === worker && one.queue === name);
  const names = workers.filter((worker) => isGrown(worker) && !worker.quiet).map(({ host, pid }) => `${host}:${pid}`);
  const idle = names.filter((worker) => !takes(worker));
  const areBounded = idle.every((worker) => bounded.includes(worker));
  if (idle.length === 0 || (areBounded && taken.some((one) => one.queue === name))) return [];
  const due = `jobs that wait: ${jobs.due + jobs.dispatched}, one of them for ${Math.round(waits)} s`;
  const message = `Queue ${name}: ${idle.join(', ')} beats but takes nothing, ${due}`;
  return [finding('worker_idle', message, 'restart it; its REDIS_URL and QUEUE_PREFIX should be those of the API')];
}

/** Old enough to have taken something. */
const isGrown = ({ started_at, seen_at }: QueueReport['workers'][number]) =>
  seen_at.getTime() - started_at.getTime() >= LEFT_SECONDS * 1000;
