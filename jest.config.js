/** Both drivers run the same files: `DRIVER` is the only difference. */
const common = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // By .swcrc, as the program is built.
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['reflect-metadata'],
};

/**
 * What knows of no queue runs on one driver. Here: on PostgreSQL, where it needs no more than that.
 * Of jobs it tests what is PostgreSQL's alone: who may see them, what becomes of their rows, and how all are told.
 */
const DATABASE_ONLY = [
  ...['start', 'costs', 'plans', 'data-folder', 'foreign-database', 'launch', 'settings', 'client'],
  ...['cli', 'cli-files', 'cli-operate'],
  ...['addresses', 'connections', 'bad-input', 'openapi', 'schema', 'search', 'reading', 'catalog', 'samples'],
  ...['third-party-model', 'faults/log', 'faults/backup', 'cancel', 'failed-jobs', 'keys', 'poolers', 'pools'],
  ...['replica', 'evaluation', 'pipelined'],
  ...['status-cache', 'audit', 'identity', 'facts', 'tmdb', 'texts', 'spending', 'prometheus', 'page/.+'],
];
/** On Redis: what needs it, and what knows of no queue but is answered by way of the status cache and the limits. */
const REDIS_ONLY = [
  ...['redis-cluster', 'redis-owner', 'redis-rights', 'redis-failover', 'redis-tls', 'faults/advice'],
  ...['auth', 'batches', 'events', 'health-detail', 'findings', 'idempotency', 'jobs-list', 'model-faults'],
];

const e2e = (driver, elsewhere) => ({
  ...common,
  displayName: `e2e-${driver}`,
  testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
  testPathIgnorePatterns: [`<rootDir>/test/(${elsewhere.join('|')})\\.e2e-spec`],
  globals: { DRIVER: driver },
  testEnvironment: '<rootDir>/test/support/run/environment.mjs',
  globalSetup: '<rootDir>/test/support/run/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/run/global-teardown.mjs',
});

export default {
  // Some wait most of their time: see the sequencer. With more, workers wait for a core until their leases end.
  maxWorkers: 3,
  testTimeout: 90_000,
  testSequencer: '<rootDir>/test/support/run/longest-first.mjs',
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{src,test,eval}/**/*.spec.ts'] },
    e2e('database', REDIS_ONLY),
    e2e('redis', DATABASE_ONLY),
  ],
};
