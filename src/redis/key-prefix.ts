import type { Config } from '../config/config.js';

/** What the queue's keys begin with. `{}` keeps those of a deployment in one slot, as Redis Cluster asks of BullMQ. */
export const keyPrefixOf = ({ redis, queuePrefix }: Pick<Config, 'redis' | 'queuePrefix'>) =>
  redis?.kind === 'cluster' ? `{${queuePrefix}}` : queuePrefix;
