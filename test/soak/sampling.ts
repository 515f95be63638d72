import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Cluster, Member } from '../support/machines/cluster.ts';
import type { Series } from './growth.ts';

const TABLES = `SELECT schemaname || '.' || relname AS name, pg_table_size(relid)::float8 AS data,
    pg_indexes_size(relid)::float8 AS indexes, n_live_tup::float8 AS rows
  FROM pg_stat_user_tables`;
const CONNECTIONS = `SELECT COALESCE(NULLIF(application_name, ''), 'unnamed') AS name, count(*)::int AS count
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() GROUP BY 1`;

/** What one process opens to PostgreSQL at most, with the queue there too: docs/operate.md. */
const POOLS = 25;

interface Table {
  name: string;
  data: number;
  indexes: number;
  rows: number;
}

/** Measures what must not grow: each process, the connections, every table with its indexes, and Redis. */
export class Samples {
  readonly series = new Map<string, Series>();
  /** Milliseconds since the first sample. */
  readonly times: number[] = [];
  private readonly started = Date.now();
  private readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  async take(): Promise<void> {
    const [tables, connections, redis] = await Promise.all([
      this.cluster.rows<Table>(TABLES),
      this.cluster.rows<{ name: string; count: number }>(CONNECTIONS),
      this.cluster.redis?.ask((client) => client.info('memory')),
    ]);
    const n = this.times.push(Date.now() - this.started) - 1;
    for (const [place, member] of this.cluster.members.entries()) this.takeProcess(n, place, member);
    for (const { name, count } of connections)
      this.put(n, `connections ${name}`, 'count', count, { room: POOLS * this.cluster.members.length });
    for (const { name, data, indexes, rows } of tables) {
      this.put(n, `table ${name}`, 'bytes', data, { rows });
      this.put(n, `indexes ${name}`, 'bytes', indexes, { rows });
    }
    if (redis) this.put(n, 'redis memory', 'bytes', Number(/^used_memory:(\d+)/m.exec(redis)![1]));
  }

  private takeProcess(n: number, place: number, { role, program }: Member): void {
    const { pid } = program.child;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    this.put(n, `memory ${role} ${place + 1}`, 'bytes', Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024);
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`));
    const sockets = open.filter((target) => target.startsWith('socket:')).length;
    this.put(n, `sockets ${role} ${place + 1}`, 'count', sockets, { room: POOLS });
    this.put(n, `open files ${role} ${place + 1}`, 'count', open.length - sockets);
  }

  /** What was not there in earlier samples was 0 then. */
  private put(
    n: number,
    name: string,
    unit: Series['unit'],
    value: number,
    { rows, room }: { rows?: number; room?: number } = {},
  ): void {
    const one = this.series.get(name) ?? { name, unit, values: [], room, ...(rows !== undefined && { rows: [] }) };
    this.series.set(name, one);
    append(one.values, n, value);
    if (one.rows) append(one.rows, n, rows!);
  }
}

/** It may have been closed a moment ago. */
function targetOf(fd: string): string {
  try {
    return readlinkSync(fd);
  } catch {
    return '';
  }
}

function append(list: number[], n: number, value: number): void {
  for (let missing = n - list.length; missing > 0; missing--) list.push(0);
  list.push(value);
}
