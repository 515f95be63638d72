/** What only Redis can do is tested only where Redis carries the queue. */
export const onRedis = (name: string, test: () => Promise<void>, timeout?: number): void => {
  if (DRIVER === 'redis') it(name, test, timeout);
};
