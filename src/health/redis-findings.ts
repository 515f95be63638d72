import { counted, type Finding, finding, foundIn, sized } from './finding.js';
import { type RedisReport, UNKNOWN } from './redis-report.js';

/** Found from this part of `maxmemory` on. */
const FULL = 0.8;
/** Found from this part of `maxclients` on: workers that reconnect need some. */
const CROWDED = 0.9;
/** A replica that lacks more, or is silent for longer, would lose too much of the queue as a primary. */
const BEHIND_BYTES = 16 * 1024 * 1024;
const SILENT_SECONDS = 15;

/**
 * What an operator should change. None of it can lose an accepted job; it costs time until the queue is filled again
 * from PostgreSQL. Nothing is found of what is unknown.
 * @param holdsQueue `false`: it is only a cache, which may lose its content
 */
export function redisFindings(report: RedisReport, holdsQueue: boolean): Finding[] {
  if (report.state === 'down') return [downOf(report, holdsQueue)];
  const open = foundIn([
    report.password_required === false,
    () =>
      finding(
        'redis_open',
        'Redis wants no password: every client that reaches it may read and delete the queue',
        'set requirepass, and the password in REDIS_URL',
      ),
  ]);
  return [...open, ...(holdsQueue ? [...settingsOf(report), ...failuresOf(report), ...limitsOf(report)] : [])];
}

function downOf({ trouble }: RedisReport, holdsQueue: boolean): Finding {
  const why = trouble ? ` (${trouble})` : '';
  const message = `Redis does not answer${why}: requests are accepted, and wait in PostgreSQL`;
  return finding(
    'redis_down',
    message,
    'look at its process and log, and at REDIS_URL',
    holdsQueue ? undefined : 'warning',
  );
}

function settingsOf({ aof_enabled, appendfsync, maxmemory_policy, save }: RedisReport): Finding[] {
  return foundIn(
    [
      aof_enabled === 'no',
      () =>
        finding(
          'redis_aof_off',
          'Redis: the append-only file is off, a restart empties the queue',
          'set appendonly yes',
        ),
    ],
    [
      aof_enabled === 'yes' && appendfsync === 'no',
      () =>
        finding(
          'redis_appendfsync_no',
          'Redis: appendfsync is no, a power failure may cost half a minute of the queue',
          'set appendfsync everysec',
        ),
    ],
    [
      maxmemory_policy !== UNKNOWN && maxmemory_policy !== 'noeviction',
      () =>
        finding(
          'redis_evicts',
          `Redis: maxmemory-policy is ${maxmemory_policy}, queued jobs may be evicted`,
          'set maxmemory-policy noeviction',
        ),
    ],
    [
      save === '',
      () =>
        finding(
          'redis_snapshots_off',
          'Redis: save is empty, there are no snapshots to back up',
          'set save 3600 1 300 100 60 10000',
        ),
    ],
  );
}

function failuresOf({ aof_last_write_status, aof_last_rewrite_status, rdb_last_bgsave_status }: RedisReport) {
  const action = 'look at its disk and log';
  return foundIn(
    [
      aof_last_write_status === 'err',
      () =>
        finding(
          'redis_aof_write_failing',
          'Redis: the last write of the append-only file failed, it refuses writes',
          action,
        ),
    ],
    [
      aof_last_rewrite_status === 'err',
      () =>
        finding(
          'redis_aof_rewrite_failing',
          'Redis: the last rewrite of the append-only file failed, it grows until its disk is full',
          action,
        ),
    ],
    [
      rdb_last_bgsave_status === 'err',
      () =>
        finding(
          'redis_snapshot_failing',
          'Redis: the last snapshot failed, it may refuse writes (stop-writes-on-bgsave-error)',
          action,
        ),
    ],
  );
}

function limitsOf({ maxmemory, used_memory, connected_clients, maxclients, ...report }: RedisReport): Finding[] {
  const memory = maxmemory ? (used_memory ?? 0) / maxmemory : 0;
  const clients = maxclients ? (connected_clients ?? 0) / maxclients : 0;
  return [
    ...foundIn(
      [
        memory >= FULL,
        () =>
          finding(
            'redis_memory',
            `Redis: ${Math.round(memory * 100)} % of maxmemory is used`,
            'raise maxmemory before it refuses writes or evicts',
          ),
      ],
      [
        clients >= CROWDED,
        () =>
          finding(
            'redis_clients',
            `Redis: ${connected_clients} of ${maxclients} clients are connected`,
            'raise maxclients before it refuses connections',
          ),
      ],
    ),
    ...replicationOf(report),
  ];
}

/** Of a primary its replicas; of a replica, to which an address should never lead, that it is one. */
function replicationOf({ role, primary_link, replicas }: Pick<RedisReport, 'role' | 'primary_link' | 'replicas'>) {
  const link = primary_link === 'down' ? ', and has lost its primary' : '';
  const replica = foundIn([
    role === 'replica',
    () =>
      finding(
        'redis_is_replica',
        `Redis: the server that answers is a replica${link}; it refuses writes`,
        'have REDIS_URL lead to the primary',
      ),
  ]);
  return [...replica, ...replicas.flatMap(replicaOf)];
}

function replicaOf({ address, state, behind_bytes, silent_seconds }: RedisReport['replicas'][number]): Finding[] {
  const lacks = [
    ...(state === 'online' ? [] : [`it is not in step (${state})`]),
    ...(behind_bytes > BEHIND_BYTES ? [`it lacks ${sized(behind_bytes)}`] : []),
    ...(silent_seconds > SILENT_SECONDS ? [`it was last heard ${counted(silent_seconds, 'second')} ago`] : []),
  ];
  if (lacks.length === 0) return [];
  return [
    finding(
      'redis_replica_behind',
      `Redis: the replica ${address} would lose part of the queue as a primary: ${lacks.join(', ')}`,
      'look at its process and log, and at the network to it',
    ),
  ];
}
