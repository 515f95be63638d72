import Sequencer from '@jest/test-sequencer';

/**
 * Files by the seconds that they take on two busy cores, for a machine that has not run them yet; the others take
 * less. A number that is not true any more costs a little time, and nothing else.
 */
const FILES = {
  90: ['faults/queue-away', 'faults/postgres', 'faults/workers', 'faults/many', 'health-detail', 'cli', 'start'],
  75: ['stop', 'queue-loss', 'redis-owner', 'faults/advice', 'faults/restore', 'faults/queue-lost'],
  60: ['faults/at-the-write', 'redis-rights', 'poolers', 'cli-files', 'webhooks', 'settings', 'costs', 'fuzz/fuzz'],
  45: ['faults/race', 'faults/clock', 'loops', 'queues', 'model-faults', 'keys', 'redis-tls', 'webhooks-recovery'],
  30: ['redis-failover', 'data-folder', 'bad-input', 'generate', 'ledger', 'metrics', 'foreign-database', 'launch'],
  15: [],
};
const [[OTHERS]] = Object.entries(FILES);
const SECONDS = new Map(Object.entries(FILES).flatMap(([seconds, names]) => names.map((name) => [name, seconds])));

/** Long files first: one that begins last would keep one worker busy while the others have nothing left to do. */
export default class LongestFirst extends Sequencer {
  /** @returns milliseconds: of the last run here, else as known */
  time(test) {
    const name = /test\/(.+)\.e2e-spec\.ts$/.exec(test.path.replaceAll('\\', '/'))?.[1];
    return super.time(test) ?? (name && 1000 * (SECONDS.get(name) ?? OTHERS));
  }
}
