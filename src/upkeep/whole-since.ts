import type { Config } from '../config/config.js';

/** The marker in Redis that names the run of Redis whose queue is complete. */
export const wholeSinceKey = ({ queuePrefix }: Pick<Config, 'queuePrefix'>) => `${queuePrefix}:whole-since`;
