import type { Config } from '../config/config.js';

/**
 * The prefix of the queue's keys. `{}` keeps the keys of a deployment in one slot; BullMQ needs that on Redis Cluster.
 */
export const keyPrefixOf = ({ redis, queuePrefix }: Pick<Config, 'redis' | 'queuePrefix'>) =>
  redis?.kind === 'cluster' ? `{${queuePrefix}}` : queuePrefix;
