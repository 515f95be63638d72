import { hasPassword, type RedisClient, troubleOf } from '../redis/redis.js';

export const UNKNOWN = 'unknown';

/**
 * What a Redis reports about itself. `unknown`, or `null` for a number or a time: it does not say; managed ones refuse
 * CONFIG.
 */
export interface RedisReport {
  state: 'up' | 'down';
  version: string;
  /** `false`: every client that reaches it may read and delete everything. `null`: it does not say. */
  password_required: boolean | null;
  /** Changes at each start of the server. */
  run_id: string;
  aof_enabled: string;
  appendfsync: string;
  aof_last_write_status: string;
  aof_last_rewrite_status: string;
  /** Snapshot rules; empty: no snapshots. */
  save: string;
  rdb_last_save_time: string | null;
  rdb_last_bgsave_status: string;
  /** Bytes; 0: no limit. */
  maxmemory: number | null;
  maxmemory_policy: string;
  used_memory: number | null;
  connected_clients: number | null;
  maxclients: number | null;
  role: 'primary' | 'replica' | 'unknown';
  /** Of a replica: `up` or `down`, that to its primary; else `unknown`. */
  primary_link: string;
  /** Of a primary: those that are connected to it. */
  replicas: Replica[];
  /** Why it is down; `null`: it is up, or gives no reason. */
  trouble: string | null;
}

export interface Replica {
  /** host:port */
  address: string;
  /** `online`: it follows; else it still waits for a first copy. */
  state: string;
  behind_bytes: number;
  /** Since it was last heard; it tells each second. */
  silent_seconds: number;
}

/** Asks one server (of a Cluster: any of its nodes). Never throws; waits no longer than the connection's bound. */
export async function reportOf(redis: RedisClient): Promise<RedisReport> {
  try {
    const [info, appendfsync, save, password_required] = await Promise.all([
      orRefused(redis.info()),
      setting(redis, 'appendfsync'),
      setting(redis, 'save'),
      wantsPassword(redis),
    ]);
    return { ...infoOf(info ?? ''), state: 'up', password_required, appendfsync, save, trouble: null };
  } catch {
    const unknown = { password_required: null, appendfsync: UNKNOWN, save: UNKNOWN };
    return { ...infoOf(''), ...unknown, state: 'down', trouble: troubleOf(redis) };
  }
}

async function setting(redis: RedisClient, name: string): Promise<string> {
  const answer = await orRefused(redis.config('GET', name));
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : UNKNOWN;
}

/** Asks for what every connection begins with. If that is refused: whether the reason was a missing password. */
async function wantsPassword(redis: RedisClient): Promise<boolean | null> {
  const user = await orRefused(redis.acl('GETUSER', 'default') as Promise<unknown[] | null>);
  const flags = user?.[user.indexOf('flags') + 1];
  if (Array.isArray(flags)) return !(flags.includes('on') && flags.includes('nopass'));
  return hasPassword(redis) ? null : false;
}

/** `null`: Redis refused the command. Other failures are thrown. */
function orRefused<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: Error) => {
    if (error.name === 'ReplyError') return null;
    throw error;
  });
}

type Asked = 'state' | 'password_required' | 'appendfsync' | 'save' | 'trouble';

/** @param info what INFO answers */
export function infoOf(info: string): Omit<RedisReport, Asked> {
  const fields = Object.fromEntries(info.split('\r\n').map((line) => line.split(/:(.*)/s)) as [string, string][]);
  const text = (name: string) => fields[name] ?? UNKNOWN;
  const number = (name: string) => (fields[name] === undefined ? null : Number(fields[name]));
  const saved = number('rdb_last_save_time');
  return {
    version: text('redis_version'),
    run_id: text('run_id'),
    aof_enabled: { '0': 'no', '1': 'yes' }[text('aof_enabled')] ?? UNKNOWN,
    aof_last_write_status: text('aof_last_write_status'),
    aof_last_rewrite_status: text('aof_last_bgrewrite_status'),
    rdb_last_save_time: saved === null ? null : new Date(saved * 1000).toISOString(),
    rdb_last_bgsave_status: text('rdb_last_bgsave_status'),
    maxmemory: number('maxmemory'),
    maxmemory_policy: text('maxmemory_policy'),
    used_memory: number('used_memory'),
    connected_clients: number('connected_clients'),
    maxclients: number('maxclients'),
    role: ROLES[text('role')] ?? UNKNOWN,
    primary_link: text('master_link_status'),
    replicas: replicasIn(fields),
  };
}

const ROLES: Record<string, RedisReport['role']> = { master: 'primary', slave: 'replica' };

/** As Redis tells them: slave0:ip=10.0.0.2,port=6379,state=online,offset=1288,lag=0 */
function replicasIn(fields: Record<string, string>): Replica[] {
  const at = Number(fields.master_repl_offset ?? 0);
  const lines = Object.entries(fields).filter(([name]) => /^slave\d+$/.test(name));
  return lines.map(([, line]) => {
    const told = new URLSearchParams(line.replaceAll(',', '&'));
    const number = (name: string) => Number(told.get(name) ?? 0);
    return {
      address: `${told.get('ip')}:${told.get('port')}`,
      state: told.get('state') ?? UNKNOWN,
      behind_bytes: Math.max(0, at - number('offset')),
      silent_seconds: Math.max(0, number('lag')),
    };
  });
}
