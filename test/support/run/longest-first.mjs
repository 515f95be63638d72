import Sequencer from '@jest/test-sequencer';

/**
 * Files by the seconds that they take on two busy cores, for a machine that has not run them yet; the others take
 * less. A number that is not true any more costs a little time, and nothing else.
 */
const FILES = {
  90: ['faults/queue-away', 'faults/postgres', 'faults/workers', 'start', 'cli', 'faults/many', 'queue-loss', 'costs'],
  60: ['faults/queue-lost', 'stop', 'redis-owner', 'health-detail', 'cli-files', 'queues', 'webhooks', 'loops'],
  45: ['faults/restore', 'model-faults', 'faults/clock', 'poolers', 'faults/at-the-write', 'data-folder'],
  30: ['redis-rights', 'fuzz/fuzz', 'keys', 'faults/race', 'faults/advice', 'webhooks-recovery', 'ledger', 'metrics'],
  20: ['foreign-database', 'openapi', 'redis-tls', 'redis-failover', 'silent-connections', 'connections', 'settings'],
  10: [],
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
