import { hasPassword, type RedisClient, troubleOf } from '../redis/redis.js';

/** There is a warning above this part of `maxmemory`. */
const FULL = 0.8;
const UNKNOWN = 'unknown';

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
  /** Snapshot rules; empty: no snapshots. */
  save: string;
  rdb_last_save_time: string | null;
  rdb_last_bgsave_status: string;
  /** Bytes; 0: no limit. */
  maxmemory: number | null;
  maxmemory_policy: string;
  used_memory: number | null;
  /** Why it is down; `null`: it is up, or gives no reason. */
  trouble: string | null;
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
    return { ...fromInfo(info ?? ''), state: 'up', password_required, appendfsync, save, trouble: null };
  } catch {
    const unknown = { password_required: null, appendfsync: UNKNOWN, save: UNKNOWN };
    return { ...fromInfo(''), ...unknown, state: 'down', trouble: troubleOf(redis) };
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

function fromInfo(info: string): Omit<RedisReport, 'state' | 'password_required' | 'appendfsync' | 'save' | 'trouble'> {
  const fields = Object.fromEntries(info.split('\r\n').map((line) => line.split(/:(.*)/s)) as [string, string][]);
  const text = (name: string) => fields[name] ?? UNKNOWN;
  const number = (name: string) => (fields[name] === undefined ? null : Number(fields[name]));
  const saved = number('rdb_last_save_time');
  return {
    version: text('redis_version'),
    run_id: text('run_id'),
    aof_enabled: { '0': 'no', '1': 'yes' }[text('aof_enabled')] ?? UNKNOWN,
    aof_last_write_status: text('aof_last_write_status'),
    rdb_last_save_time: saved === null ? null : new Date(saved * 1000).toISOString(),
    rdb_last_bgsave_status: text('rdb_last_bgsave_status'),
    maxmemory: number('maxmemory'),
    maxmemory_policy: text('maxmemory_policy'),
    used_memory: number('used_memory'),
  };
}

const OPEN =
  'Redis wants no password: every client that reaches it may read and delete the queue; ' +
  'set requirepass, and the password in REDIS_URL';

/**
 * What an operator should change, one line each. None of it can lose an accepted job; it costs time until the queue is
 * filled again from PostgreSQL. There is no warning of what is unknown.
 * @param holdsQueue `false`: it is only a cache, which may lose its content
 */
export function redisWarnings(report: RedisReport, holdsQueue: boolean): string[] {
  const { state, trouble } = report;
  const why = trouble ? ` (${trouble})` : '';
  if (state === 'down') return [`Redis does not answer${why}: requests are accepted, and wait in PostgreSQL`];
  const open = report.password_required === false ? [OPEN] : [];
  return [...open, ...(holdsQueue ? queueWarnings(report) : [])];
}

function queueWarnings(report: RedisReport): string[] {
  const { aof_enabled, appendfsync, maxmemory, maxmemory_policy, save, used_memory } = report;
  const part = maxmemory ? (used_memory ?? 0) / maxmemory : 0;
  const policyIsKnown = maxmemory_policy !== UNKNOWN;
  const checks: [wrong: boolean, line: string][] = [
    [aof_enabled === 'no', 'Redis: the append-only file is off, a restart empties the queue; set appendonly yes'],
    [
      aof_enabled === 'yes' && appendfsync === 'no',
      'Redis: appendfsync is no, a power failure may cost half a minute of the queue; set appendfsync everysec',
    ],
    [
      policyIsKnown && maxmemory_policy !== 'noeviction',
      `Redis: maxmemory-policy is ${maxmemory_policy}, queued jobs may be evicted; set maxmemory-policy noeviction`,
    ],
    [save === '', 'Redis: save is empty, there are no snapshots to back up; set save 3600 1 300 100 60 10000'],
    [
      part > FULL,
      `Redis: ${Math.round(part * 100)} % of maxmemory is used; raise maxmemory before it refuses writes or evicts`,
    ],
    [
      report.aof_last_write_status === 'err',
      'Redis: the last write of the append-only file failed; look at its disk and log',
    ],
    [report.rdb_last_bgsave_status === 'err', 'Redis: the last snapshot failed; look at its disk and log'],
  ];
  return checks.filter(([wrong]) => wrong).map(([, line]) => line);
}
