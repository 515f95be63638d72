import Sequencer from '@jest/test-sequencer';

/**
 * Files by the seconds that they take on two busy cores, for a machine that has not run them yet; the others take
 * less. A number that is not true any more costs a little time, and nothing else.
 */
const FILES = {
  90: ['faults/many', 'faults/postgres', 'faults/queue-away'],
  65: ['faults/workers', 'loops', 'launch', 'model-trouble', 'page/ask', 'page/read', 'start'],
  50: [
    'queue-loss',
    'health-detail',
    'cli-files',
    'faults/backup',
    'webhooks',
    'identity',
    'faults/clock',
    'upgrade/upgrade',
    'faults/race',
  ],
  40: [
    'queues',
    'faults/at-the-write',
    'faults/queue-lost',
    'model-faults',
    'stop',
    'cli',
    'cli-operate',
    'redis-rights',
    'page/watch',
  ],
  30: [
    'prometheus',
    'redis-owner',
    'poolers',
    'keys',
    'data-folder',
    'round-trips',
    'ledger',
    'faults/restore',
    'third-party-model',
  ],
  20: [
    'findings',
    'audit',
    'redis-failover',
    'generate',
    'webhooks-recovery',
    'openapi',
    'metrics',
    'fuzz/fuzz',
    'silent-connections',
  ],
  15: [
    'redis-tls',
    'page/serving',
    'connections',
    'bad-input',
    'faults/advice',
    'plans',
    'foreign-database',
    'spending',
    'texts',
  ],
  10: [],
};
const [[OTHERS]] = Object.entries(FILES);
const SECONDS = new Map(Object.entries(FILES).flatMap(([seconds, names]) => names.map((name) => [name, seconds])));

const nameOf = ({ path }) => /test\/(.+)\.e2e-spec\.ts$/.exec(path.replaceAll('\\', '/'))?.[1];

/**
 * Long files first: one that begins last would keep one worker busy while the others have nothing left to do. Files
 * that break many processes take the cores, others wait much of their time: they take turns.
 */
export default class LongestFirst extends Sequencer {
  /** @returns milliseconds: of the last run here, else as known */
  time(test) {
    const name = nameOf(test);
    return super.time(test) ?? (name && 1000 * (SECONDS.get(name) ?? OTHERS));
  }

  sort(tests) {
    const sorted = super.sort(tests);
    const isBusy = (test) => /^(faults|upgrade)\//.test(nameOf(test) ?? '');
    const [busy, others] = [sorted.filter(isBusy), sorted.filter((test) => !isBusy(test))];
    return others.flatMap((test, n) => [...(n < busy.length ? [busy[n]] : []), test]).concat(busy.slice(others.length));
  }
}
