import { plural } from '../plural.ts';

const jobs = plural('en', { one: 'job', other: 'jobs' });
const entries = plural('en', { one: 'entry', other: 'entries' });
const loops = plural('en', { one: 'loop', other: 'loops' });

/** What the panel says of each line. `todo` is added where something should be changed. */
export const durability = {
  lead: 'PostgreSQL is the ledger: what was accepted stands there. The queue is only an index, made anew from it.',
  tints: { good: 'Good', warn: 'Look at it', bad: 'Bad', none: 'To know' },

  ledger: 'Ledger and queue',
  ledgerOf: 'In PostgreSQL and in the queue',
  name: 'Queue',
  toHandOver: 'Ledger: to hand over',
  handedOver: 'Ledger: handed over',
  inQueue: 'Queue: waiting',
  withWorker: 'Queue: with a worker',
  agree: 'Both agree.',
  due: (count: number) => `${jobs(count)} in the ledger, not yet in the queue: the dispatcher hands them over.`,
  stuck: (count: number, age: string) => `${jobs(count)} in the ledger wait to be handed over, the oldest for ${age}.`,
  stuckTodo: 'Look at the loops below: dispatch-jobs should run, and the queue should answer.',
  missing: (count: number) =>
    `${jobs(count)} were handed over and are not in the queue. They are on their way, or will be handed over again.`,
  extra: (count: number) =>
    `${entries(count)} in the queue belong to no waiting job. A worker drops them; nothing runs twice.`,
  unknown: 'The queue cannot be asked. Jobs are accepted and wait in PostgreSQL.',
  unknownTodo: 'See what is said of Redis below.',

  recoveries: 'What was found and repaired',
  postgres: 'PostgreSQL',
  postgresUp: 'It answers.',
  postgresReadOnly: 'It is read-only: nothing is accepted.',
  postgresReadOnlyTodo: 'Point DATABASE_URL to the primary.',
  postgresDown: 'It does not answer: nothing is accepted until it does.',
  postgresDownTodo: 'Start it, or look at its log.',
  migrations: 'Migrations',
  migrationsSame: 'All are done.',
  migrationsLess: 'Some are missing.',
  migrationsLessTodo: 'Restart the program, or run its migrate step.',
  migrationsMore: 'A newer program has migrated it.',
  migrationsMoreTodo: 'Start that one in place of this.',
  settings: {
    fsync: {
      good: 'What is committed is on the disk.',
      bad: 'A power failure may lose the whole database.',
      todo: 'Set fsync to on.',
    },
    synchronous_commit: {
      good: 'A request is answered after its commit is on the disk.',
      bad: 'A power failure may lose the last requests that were accepted.',
      todo: 'Set synchronous_commit to on.',
    },
    full_page_writes: {
      good: 'A page that was half written is mended at the next start.',
      bad: 'A power failure may damage pages of the database.',
      todo: 'Set full_page_writes to on.',
    },
  },

  redis: 'Redis',
  noRedis: 'No Redis is used: the queue lives in PostgreSQL.',
  redisIsCache: 'It is a cache only: the queue lives in PostgreSQL.',
  redisUp: 'It answers.',
  redisDown: 'It does not answer. Requests are accepted, and wait in PostgreSQL.',
  redisDownTodo: 'Start it, or look at REDIS_URL.',
  aof: 'Append-only file',
  aofOn: (fsync: string) => `On, written to the disk: ${fsync}.`,
  aofOff: 'Off: a restart of Redis empties the queue, which is then filled again from PostgreSQL.',
  aofOffTodo: 'Set appendonly yes.',
  aofFailed: 'The last write failed.',
  diskTodo: 'Look at the disk and the log of Redis.',
  rdb: 'Snapshots',
  rdbOn: (rules: string, when: string) => `Rules ${rules}; the last one ${when}.`,
  rdbOff: 'None are made, so there is nothing of Redis to back up. The ledger does not need it.',
  rdbOffTodo: 'Set save 3600 1 300 100 60 10000.',
  rdbFailed: 'The last one failed.',
  policy: 'When the memory is full',
  policyGood: 'noeviction: nothing is thrown away.',
  policyBad: (policy: string) => `${policy}: entries of the queue may be thrown away.`,
  policyTodo: 'Set maxmemory-policy noeviction.',
  memory: 'Memory',
  memoryOf: (used: string, most: string) => `${used} of ${most} used.`,
  memoryFree: (used: string) => `${used} used, no limit is set.`,
  memoryTodo: 'Raise maxmemory before Redis refuses writes.',
  notSaid: 'Redis does not say.',

  loops: 'What goes on by itself',
  loopsWell: (count: number) => `${loops(count)}, and all of them run.`,
  standing: (name: string, process: string, since: string) => `${name} in ${process} stands still (since: ${since}).`,
  allLoops: 'All loops',
  loop: 'Loop',
  process: 'Process',
  success: 'Last success',
  state: 'State',
  runs: 'runs',
  stands: 'stands still',
};
