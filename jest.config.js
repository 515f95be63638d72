/** Both drivers run the same files: `DRIVER` is the only difference. */
const common = {
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // By .swcrc, as the program is built.
  transform: { '^.+\\.ts$': '@swc/jest' },
  setupFiles: ['reflect-metadata'],
};

/** What does not know where the queue lives is tested on one driver; what needs Redis, on that one. */
const ONE_DRIVER =
  'start|costs|plans|data-folder|foreign-database|launch|settings|cli|cli-files|client|addresses|connections|bad-input|openapi|schema|search|reading|catalog|samples|third-party-model|faults/log';
const REDIS_ONLY = 'redis-cluster|redis-owner|redis-rights|redis-failover|redis-tls|faults/advice';

const e2e = (driver, elsewhere) => ({
  ...common,
  displayName: `e2e-${driver}`,
  testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
  testPathIgnorePatterns: [`<rootDir>/test/(${elsewhere})\\.e2e-spec`],
  globals: { DRIVER: driver },
  testEnvironment: '<rootDir>/test/support/run/environment.mjs',
  globalSetup: '<rootDir>/test/support/run/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/run/global-teardown.mjs',
});

export default {
  // Most of a fault is waiting.
  maxWorkers: 3,
  testTimeout: 30_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{src,test}/**/*.spec.ts'] },
    e2e('database', REDIS_ONLY),
    e2e('redis', ONE_DRIVER),
  ],
};
