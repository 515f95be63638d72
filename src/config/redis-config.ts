import { ConfigError } from './environment.js';

/** A server of a list: `host:port`, or a URL with a login. */
export interface RedisNode {
  host: string;
  port: number;
  tls: boolean;
  username?: string;
  password?: string;
  /** Whether it was a URL: a URL without a password means that there is none. */
  isUrl: boolean;
}

interface Login {
  username?: string;
  password?: string;
  /** Applies to all connections: to the Sentinels and the servers they name, or to all nodes. */
  tls: boolean;
}

export type RedisConfig =
  | { kind: 'url'; url: string }
  | ({
      kind: 'sentinel';
      sentinels: RedisNode[];
      name: string;
      database: number;
      /** The login of the Sentinels themselves. */
      own: Omit<Login, 'tls'>;
    } & Login)
  | ({ kind: 'cluster'; nodes: RedisNode[] } & Login);

const HOST = /^(\[[\da-f:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/i;

/** `host:port` or `rediss://user:password@host:port`, comma separated. @throws Error that says which form it takes */
export function redisNodes(text: string): RedisNode[] {
  const nodes = text.split(',').map((item) => nodeOf(item.trim()));
  const manners = new Set(nodes.map(({ tls, username, password }) => JSON.stringify([tls, username, password])));
  if (manners.size > 1) throw new Error('takes one protocol, user and password for all');
  return nodes;
}

function nodeOf(item: string): RedisNode {
  const [, protocol, login = '', address = item] = /^(rediss?):\/\/(?:(.*)@)?([^/]*)\/?$/.exec(item) ?? [];
  const [, host = '', digits] = HOST.exec(address) ?? [];
  const port = Number(digits);
  if (!host || port < 1 || port > 65_535)
    throw new Error('takes host:port,host:port,… or redis://user:password@host:port,… (rediss:// with TLS)');
  const [username, password] = loginOf(login);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    tls: protocol === 'rediss',
    username,
    password,
    isUrl: !!protocol,
  };
}

function loginOf(login: string): (string | undefined)[] {
  const [, username, password] = /^([^:]*):?(.*)$/s.exec(login) ?? [];
  try {
    return [username, password].map((part) => (part ? decodeURIComponent(part) : undefined));
  } catch {
    throw new Error('takes user and password with % written as %25');
  }
}

/** The settings that concern Redis. */
interface RedisSettings {
  REDIS_URL?: string;
  REDIS_SENTINELS?: RedisNode[];
  REDIS_SENTINEL_NAME?: string;
  REDIS_SENTINEL_USERNAME?: string;
  REDIS_SENTINEL_PASSWORD?: string;
  REDIS_CLUSTER_NODES?: RedisNode[];
  REDIS_USERNAME?: string;
  REDIS_PASSWORD?: string;
  REDIS_DB?: number;
}

/** @throws ConfigError */
export function redisOf(env: RedisSettings): RedisConfig | null {
  const ways = [env.REDIS_URL, env.REDIS_SENTINELS, env.REDIS_CLUSTER_NODES].filter(Boolean).length;
  if (ways > 1) throw new ConfigError('REDIS_URL, REDIS_SENTINELS and REDIS_CLUSTER_NODES exclude each other: set one');
  if (env.REDIS_SENTINEL_NAME && !env.REDIS_SENTINELS)
    throw new ConfigError('REDIS_SENTINEL_NAME needs REDIS_SENTINELS');
  if (env.REDIS_URL) return byUrl(env.REDIS_URL, env);
  if (env.REDIS_CLUSTER_NODES) return byCluster(env.REDIS_CLUSTER_NODES, env);
  return env.REDIS_SENTINELS ? bySentinels(env.REDIS_SENTINELS, env) : null;
}

function byUrl(text: string, { REDIS_USERNAME, REDIS_PASSWORD }: RedisSettings): RedisConfig {
  const url = new URL(text);
  if (!/^\/?\d*$/.test(url.pathname))
    throw new ConfigError('REDIS_URL: behind the host takes the number of the database: redis://host:6379/1');
  if (url.password || !REDIS_PASSWORD) return { kind: 'url', url: text };
  url.username ||= encodeURIComponent(REDIS_USERNAME ?? '');
  url.password = encodeURIComponent(REDIS_PASSWORD);
  return { kind: 'url', url: url.href };
}

function byCluster(nodes: RedisNode[], env: RedisSettings): RedisConfig {
  if (env.REDIS_DB) throw new ConfigError('REDIS_DB: a Redis Cluster has database 0 alone');
  const [{ tls, username = env.REDIS_USERNAME, password = env.REDIS_PASSWORD }] = nodes as [RedisNode];
  return { kind: 'cluster', nodes, tls, username, password };
}

function bySentinels(sentinels: RedisNode[], env: RedisSettings): RedisConfig {
  if (!env.REDIS_SENTINEL_NAME) throw new ConfigError('REDIS_SENTINELS needs REDIS_SENTINEL_NAME');
  const [first] = sentinels as [RedisNode];
  const { REDIS_USERNAME: username, REDIS_PASSWORD: password } = env;
  const own = {
    username: first.username ?? env.REDIS_SENTINEL_USERNAME,
    password: first.password ?? env.REDIS_SENTINEL_PASSWORD ?? (first.isUrl ? undefined : password),
  };
  const database = env.REDIS_DB ?? 0;
  return {
    kind: 'sentinel',
    sentinels,
    name: env.REDIS_SENTINEL_NAME,
    tls: first.tls,
    username,
    password,
    database,
    own,
  };
}
