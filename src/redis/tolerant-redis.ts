import type { Redis } from 'ioredis';
import type { RedisClient } from './client.js';

/** Used when the version is not known. BullMQ checks whether it is older than 6.0.6. */
const SOME_VERSION = '6.2.0';
/** The server has no such database, or the user may not select it: the connection must not be used. */
const WRONG_DATABASE = /^ERR (invalid )?DB index|^ERR SELECT is not allowed|^NOPERM .*'?select/i;

/** The user may not do this. The refusal also shows that Redis answers. */
export const isRefusal = ({ message }: Error) => message.startsWith('NOPERM');

type Reply = (error: Error | null, text?: string) => void;

/**
 * A client that works without some rights of its Redis user. Its duplicates do too; BullMQ makes one for each worker.
 * - INFO, which BullMQ and the client send at each start, may be refused: then the version comes from HELLO.
 * - A missing database is an error; the client does not use the first one instead.
 * - Its errors always have a listener.
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
      // The client itself asks before it is connected, when it may send nothing else; it needs no version.
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
