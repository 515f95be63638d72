import type { Redis } from 'ioredis';
import type { RedisClient } from './client.js';

/** Taken for the version where nothing tells it. BullMQ wants to know whether it is older than 6.0.6. */
const SOME_VERSION = '6.2.0';
/** The server is there and not the one wanted: the connection must not be used. */
const WRONG_DATABASE = /^ERR (invalid )?DB index|^ERR SELECT is not allowed|^NOPERM .*'?select/i;

/** The user may not do this; that it is said means that Redis answers. */
export const isRefusal = ({ message }: Error) => message.startsWith('NOPERM');

type Reply = (error: Error | null, text?: string) => void;

/**
 * A client that does without what the user of a Redis may not do, and so do its duplicates, of which BullMQ makes one
 * a worker:
 *
 * - INFO, which BullMQ and the client itself ask at each start: the version comes from HELLO then;
 * - a database that is not there is an error, and is not replaced by the first one;
 * - its errors have a listener, whoever forgets to listen.
 */
export function tolerant<Client extends RedisClient>(client: Client): Client {
  client.on('error', (error: Error) => {
    if (WRONG_DATABASE.test(error.message)) (client as Redis).disconnect(true);
  });
  const info = client.info.bind(client) as (...sections: string[]) => Promise<string>;
  client.info = (...args: unknown[]) => {
    const reply = typeof args.at(-1) === 'function' ? (args.pop() as Reply) : null;
    const answer = info(...(args as string[])).catch(async (error: Error) => {
      if (!isRefusal(error)) throw error;
      // The client itself asks before it is connected, when nothing else may be asked; it wants no version.
      return `redis_version:${reply ? SOME_VERSION : await versionOf(client)}`;
    });
    if (reply) answer.then((text) => reply(null, text), reply).catch(() => (client as Redis).disconnect(true));
    return answer;
  };
  const duplicate = client.duplicate.bind(client) as (...args: unknown[]) => Client;
  client.duplicate = ((...args: unknown[]) => tolerant(duplicate(...args))) as Client['duplicate'];
  return client;
}

/** HELLO answers a flat list of names and values. */
async function versionOf(client: RedisClient): Promise<string> {
  const fields = (await client.call('HELLO').catch(() => [])) as unknown[];
  const place = fields.indexOf('version');
  return place < 0 ? SOME_VERSION : String(fields[place + 1]);
}
