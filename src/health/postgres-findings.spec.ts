import { notSeenOf, postgresFindings } from './postgres-findings.js';
import type { PostgresReport } from './postgres-report.js';

const MIB = 1024 * 1024;
const HOUR = 3600;
const WELL: PostgresReport = {
  connections: { used: 86, allowed: 97 },
  autovacuum: 'on',
  sees_all: true,
  transaction: { pid: 7, name: 'psql', state: 'idle in transaction', seconds: HOUR },
  prepared: { name: 'two', seconds: HOUR },
  slots: [{ name: 'standby', bytes: 64 * MIB, age: 1_000_000 }],
  standbys: [{ name: 'standby', bytes: 256 * MIB, seconds: 60 }],
  tables: [
    { name: 'generation_jobs', live: 1_000_000, dead: 300_000, seconds: 1e9 },
    { name: 'workers', live: 5, dead: 40_000, seconds: 1e9 },
    { name: 'counters', live: 10, dead: 90_000, seconds: 500 },
  ],
  invalid_indexes: [],
  size: 5 * 1024 * MIB,
};

const found = (changes: Partial<PostgresReport>) => postgresFindings({ ...WELL, ...changes });

describe('what is unsafe about the server of PostgreSQL', () => {
  it('is nothing while all is within its bounds, and nothing is said where it is not known', () => {
    expect(found({})).toEqual([]);
    expect(postgresFindings(null)).toEqual([]);
    expect(found({ standbys: [{ name: 'x', bytes: null, seconds: null }] })).toEqual([]);
  });

  const changes: [string, Partial<PostgresReport>, RegExp][] = [
    ['postgres_connections_used', { connections: { used: 88, allowed: 97 } }, /88 of 97 connections/],
    ['postgres_autovacuum_off', { autovacuum: 'off' }, /autovacuum is off/],
    [
      'postgres_transaction_old',
      { transaction: { ...WELL.transaction!, seconds: 2 * HOUR } },
      /2 hours \(process 7, psql/,
    ],
    ['postgres_prepared_old', { prepared: { name: "o'ne", seconds: HOUR + 1 } }, /1 hour \(o'ne\)/],
    ['postgres_slot_unused', { slots: [{ name: 's', bytes: 2048 * MIB, age: null }] }, /slot s, for which 2.0 GiB/],
    ['postgres_slot_unused', { slots: [{ name: 's', bytes: 0, age: 1_000_001 }] }, /holds vacuum back/],
    ['postgres_standby_behind', { standbys: [{ name: 's', bytes: 300 * MIB, seconds: null }] }, /\(300 MiB\)/],
    ['postgres_standby_behind', { standbys: [{ name: 's', bytes: 0, seconds: 61 }] }, /61 seconds/],
    [
      'postgres_dead_tuples',
      { tables: [{ name: 't', live: 60_000, dead: 60_000, seconds: 600 }] },
      /50 % of the rows of t/,
    ],
    ['postgres_index_invalid', { invalid_indexes: ['movies_listed'] }, /index movies_listed is invalid/],
  ];
  it.each(changes)('%s', (code, change, message) => {
    expect(found(change)).toEqual([expect.objectContaining({ code, message: expect.stringMatching(message) })]);
  });

  it('has an action that can be run as it stands', () => {
    expect(found({ prepared: { name: "o'ne", seconds: HOUR + 1 } })[0]!.action).toContain(`PREPARED 'o''ne'`);
  });

  it('is told apart from what cannot be seen', () => {
    expect(notSeenOf(WELL, true)).toEqual([]);
    expect(notSeenOf(null, false)).toEqual([]);
    expect(notSeenOf({ ...WELL, sees_all: false }, false)).toEqual([
      expect.stringContaining('grant pg_monitor'),
      expect.stringContaining('takes 5.0 GiB'),
    ]);
  });
});
