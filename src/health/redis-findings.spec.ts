import { redisFindings } from './redis-findings.js';
import { infoOf, type RedisReport } from './redis-report.js';

const WELL = [
  'redis_version:7.2.5',
  'role:master',
  'aof_enabled:1',
  'aof_last_write_status:ok',
  'aof_last_bgrewrite_status:ok',
  'rdb_last_bgsave_status:ok',
  'maxmemory:1000',
  'used_memory:700',
  'maxmemory_policy:noeviction',
  'connected_clients:80',
  'maxclients:100',
  'master_repl_offset:20000000',
  'slave0:ip=10.0.0.2,port=6379,state=online,offset=19999000,lag=1',
];

/** As Redis says it, with some lines changed. */
function reported(changes: Record<string, string> = {}): RedisReport {
  const names = Object.keys(changes);
  const lines = [
    ...WELL.filter((line) => !names.includes(line.split(':')[0]!)),
    ...Object.entries(changes).map((one) => one.join(':')),
  ];
  const settings = { password_required: true, appendfsync: 'everysec', save: '3600 1' };
  return { ...infoOf(lines.join('\r\n')), ...settings, state: 'up', trouble: null };
}

const codes = (report: RedisReport, holdsQueue = true) => redisFindings(report, holdsQueue).map(({ code }) => code);

describe('what is unsafe about a Redis', () => {
  it('is nothing, as it is shipped', () => {
    expect(codes(reported())).toEqual([]);
  });

  it.each([
    ['redis_aof_off', { aof_enabled: '0' }],
    ['redis_aof_write_failing', { aof_last_write_status: 'err' }],
    ['redis_aof_rewrite_failing', { aof_last_bgrewrite_status: 'err' }],
    ['redis_snapshot_failing', { rdb_last_bgsave_status: 'err' }],
    ['redis_evicts', { maxmemory_policy: 'allkeys-lru' }],
    ['redis_memory', { used_memory: '800' }],
    ['redis_clients', { connected_clients: '90' }],
    ['redis_is_replica', { role: 'slave', master_link_status: 'down' }],
    ['redis_replica_behind', { master_repl_offset: '40000000' }],
    ['redis_replica_behind', { slave0: 'ip=10.0.0.2,port=6379,state=online,offset=20000000,lag=16' }],
    ['redis_replica_behind', { slave0: 'ip=10.0.0.2,port=6379,state=send_bulk,offset=0,lag=0' }],
  ])('%s: %j', (code, changes) => {
    expect(codes(reported(changes as Record<string, string>))).toEqual([code]);
  });

  it('is nothing of what it does not say', () => {
    const silent = { ...infoOf(''), appendfsync: 'unknown', save: 'unknown' };
    expect(codes({ ...silent, state: 'up', password_required: null, trouble: null })).toEqual([]);
  });

  it('is only who may come in, where it is a cache', () => {
    expect(
      codes({ ...reported({ aof_enabled: '0', maxmemory_policy: 'allkeys-lru' }), password_required: false }, false),
    ).toEqual(['redis_open']);
  });

  it('is critical when it holds the queue and is away', () => {
    const away = { ...reported(), state: 'down' as const, trouble: 'ECONNREFUSED' };
    expect(redisFindings(away, true)[0]).toMatchObject({ code: 'redis_down', severity: 'critical' });
    expect(redisFindings(away, false)[0]).toMatchObject({ code: 'redis_down', severity: 'warning' });
  });
});
