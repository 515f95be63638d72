import type { Detail, Queue, RedisDetail } from '../data/api.ts';
import { ago, bytes, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** How a line stands: in a colour, and in a word. */
export type State = 'good' | 'warn' | 'bad' | 'none';

export interface Line {
  state: State;
  /** What it is about. */
  name: string;
  says: string;
  /** What to do. */
  todo?: string | undefined;
  /** The server's own words, in English. */
  reason?: string | null | undefined;
}

/** A job that waits for longer to be handed over points to a dispatcher that stands still, seconds. */
const LONG_LAG_S = 15;
/** From this part on the memory counts as nearly full. */
const FULL = 0.8;

/** The ledger's counts against those of the queue. */
export function ledgerLines(queues: readonly Queue[]): Line[] {
  const { durability: d, watch: w } = words.value;
  return queues.flatMap(({ name: queueName, jobs, queue }) => {
    const name = w.queue[queueName];
    if (!queue) return [{ state: 'warn' as const, name, says: d.unknown, todo: d.unknownTodo }];
    const lines: Line[] = [];
    const lag = jobs.dispatch_lag_seconds ?? 0;
    if (lag > LONG_LAG_S) {
      lines.push({ state: 'warn', name, says: d.stuck(jobs.due, seconds(lag)), todo: d.stuckTodo });
    } else if (jobs.due > 0) lines.push({ state: 'good', name, says: d.due(jobs.due) });
    const more = queue.waiting + queue.active + queue.delayed - (jobs.dispatched + jobs.in_progress);
    if (more < 0) lines.push({ state: 'none', name, says: d.missing(-more) });
    if (more > 0) lines.push({ state: 'none', name, says: d.extra(more) });
    return lines.length > 0 ? lines : [{ state: 'good' as const, name, says: d.agree }];
  });
}

export function postgresLines({ postgres }: Detail): Line[] {
  const { durability: d } = words.value;
  const { state, version, migrations, migrations_known, durability, migration_lock } = postgres;
  const name = `PostgreSQL ${version ?? ''}`.trim();
  if (state === 'down') return [{ state: 'bad', name, says: d.postgresDown, todo: d.postgresDownTodo }];
  const lines: Line[] = [
    state === 'up'
      ? { state: 'good', name, says: d.postgresUp }
      : { state: 'bad', name, says: d.postgresReadOnly, todo: d.postgresReadOnlyTodo },
  ];
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'] as const) {
    if (!durability) break;
    const [value, says] = [durability[setting], d.settings[setting]];
    const isOff = value === 'off';
    lines.push({
      state: isOff ? 'bad' : 'good',
      name: `${setting} = ${value}`,
      says: isOff ? says.bad : says.good,
      todo: isOff ? says.todo : undefined,
    });
  }
  const done = { name: d.migrations, reason: migration_lock };
  if (migrations === migrations_known)
    lines.push({ ...done, state: migration_lock ? 'warn' : 'good', says: d.migrationsSame });
  else if (migrations < migrations_known) {
    lines.push({ ...done, state: 'warn', says: d.migrationsLess, todo: d.migrationsLessTodo });
  } else lines.push({ ...done, state: 'warn', says: d.migrationsMore, todo: d.migrationsMoreTodo });
  return lines;
}

export function redisLines({ redis, queue_connection }: Detail): Line[] {
  const { durability: d } = words.value;
  if (!redis) return [{ state: 'good', name: d.redis, says: d.noRedis }];
  const name = `Redis ${redis.version === 'unknown' ? '' : redis.version}`.trim();
  if (redis.state === 'down') {
    return [{ state: 'warn', name, says: d.redisDown, todo: d.redisDownTodo, reason: redis.trouble }];
  }
  if (queue_connection === 'database') return [{ state: 'good', name, says: d.redisIsCache }, password(redis)];
  return [
    { state: 'good', name, says: d.redisUp },
    password(redis),
    aof(redis),
    rdb(redis),
    policy(redis),
    memory(redis),
  ];
}

function password({ password_required }: RedisDetail): Line {
  const { durability: d } = words.value;
  const name = d.password;
  if (password_required === null) return { state: 'none', name, says: d.notSaid };
  if (password_required) return { state: 'good', name, says: d.passwordGood };
  return { state: 'warn', name, says: d.passwordBad, todo: d.passwordTodo };
}

function aof({ aof_enabled, appendfsync, aof_last_write_status }: RedisDetail): Line {
  const { durability: d } = words.value;
  const name = d.aof;
  if (aof_enabled === 'unknown') return { state: 'none', name, says: d.notSaid };
  if (aof_enabled === 'no') return { state: 'warn', name, says: d.aofOff, todo: d.aofOffTodo };
  if (aof_last_write_status === 'err') return { state: 'bad', name, says: d.aofFailed, todo: d.diskTodo };
  return { state: appendfsync === 'no' ? 'warn' : 'good', name, says: d.aofOn(appendfsync) };
}

function rdb({ save, rdb_last_save_time, rdb_last_bgsave_status }: RedisDetail): Line {
  const { durability: d, watch } = words.value;
  const name = d.rdb;
  if (rdb_last_bgsave_status === 'err') return { state: 'bad', name, says: d.rdbFailed, todo: d.diskTodo };
  if (save === '') return { state: 'warn', name, says: d.rdbOff, todo: d.rdbOffTodo };
  const when = rdb_last_save_time === null ? watch.none : ago(rdb_last_save_time);
  return { state: save === 'unknown' ? 'none' : 'good', name, says: d.rdbOn(save, when) };
}

function policy({ maxmemory_policy }: RedisDetail): Line {
  const { durability: d } = words.value;
  const name = d.policy;
  if (maxmemory_policy === 'unknown') return { state: 'none', name, says: d.notSaid };
  if (maxmemory_policy === 'noeviction') return { state: 'good', name, says: d.policyGood };
  return { state: 'bad', name, says: d.policyBad(maxmemory_policy), todo: d.policyTodo };
}

function memory({ used_memory, maxmemory }: RedisDetail): Line {
  const { durability: d } = words.value;
  const name = d.memory;
  if (used_memory === null) return { state: 'none', name, says: d.notSaid };
  if (!maxmemory) return { state: 'good', name, says: d.memoryFree(bytes(used_memory)) };
  const says = d.memoryOf(bytes(used_memory), bytes(maxmemory));
  const isFull = used_memory > FULL * maxmemory;
  return { state: isFull ? 'warn' : 'good', name, says, todo: isFull ? d.memoryTodo : undefined };
}

export function loopLines({ loops }: Detail): Line[] {
  const { durability: d } = words.value;
  const standing = loops.filter(({ standing_since }) => standing_since !== null);
  if (standing.length === 0) return [{ state: 'good', name: d.loops, says: d.loopsWell(loops.length) }];
  return standing.map(({ name, process, standing_since, reason }) => ({
    state: 'bad',
    name,
    says: d.standing(name, process, ago(standing_since!)),
    reason,
  }));
}
