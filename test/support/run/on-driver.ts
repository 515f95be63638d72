/** What only Redis can do is tested only where Redis carries the queue. */
export const onRedis = (name: string, test: () => Promise<void>, timeout?: number): void => {
  if (DRIVER === 'redis') it(name, test, timeout);
};

/** What knows of no queue is tested once, with everything on the database. */
export const describeOnce = (name: string, tests: () => void): void => {
  if (DRIVER === 'database') describe(name, tests);
};

/** The same of one test. */
export const once = (name: string, test: () => Promise<void>, timeout?: number): void => {
  if (DRIVER === 'database') it(name, test, timeout);
};
