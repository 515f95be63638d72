import { counted, type Finding, finding } from './finding.js';
import type { PostgresReport } from './postgres-report.js';
import type { LivingProcess } from './processes-report.js';

/** Tokens, signatures and times in rows are of several clocks: further apart, their order is wrong. Seconds. */
const APART_SECONDS = 2;

/** The clocks of machines, against PostgreSQL's and against each other. */
export function clockFindings(processes: LivingProcess[]): Finding[] {
  const told = processes.filter((one): one is LivingProcess & { clock_ahead: number } => one.clock_ahead !== null);
  const machines = new Map(told.map(({ host, clock_ahead }) => [host, clock_ahead]));
  // PostgreSQL is its own measure.
  const all = [0, ...machines.values()];
  if (Math.max(...all) - Math.min(...all) <= APART_SECONDS) return [];
  const wrong = [...machines].filter(([, ahead]) => Math.abs(ahead) > APART_SECONDS / 2);
  const list = wrong.map(([host, ahead]) => `${host} ${awayFrom(ahead)}`).join(', ');
  const message = `Clocks are apart, by that of PostgreSQL: ${list}`;
  return [finding('clock_skew', message, 'have all machines keep the time by NTP')];
}

const awayFrom = (ahead: number) => `${Math.abs(ahead).toFixed(1)} s ${ahead > 0 ? 'ahead' : 'behind'}`;

/** Whether all processes could open the connections that their settings allow. */
export function roomFindings(processes: LivingProcess[], report: PostgresReport | null): Finding[] {
  const wanted = processes.reduce((sum, { connections }) => sum + connections, 0);
  const allowed = report?.connections.allowed ?? Infinity;
  if (wanted <= allowed) return [];
  const message =
    `PostgreSQL: max_connections lets ${counted(allowed, 'connection')} in, ` +
    `and what runs may open ${wanted} (processes: ${processes.length})`;
  return [finding('postgres_connections_few', message, 'raise it, or lower DATABASE_POOL_SIZE of the processes')];
}
