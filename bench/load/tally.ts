import { quantile } from '../support/statistics.ts';
import type { Reply } from './connection.ts';
import type { Load } from './tasks.ts';

/** Counts answers, and how long each took. */
export class Tally {
  private readonly took: number[] = [];
  private readonly statuses: Record<number, number> = {};
  private readonly ids: string[] = [];
  private readonly due: number[] = [];
  private readonly acked: number[] = [];
  private began = 0;
  private cpu = process.cpuUsage();
  private readonly idOf: ((reply: Reply) => string) | null;

  constructor(idOf: ((reply: Reply) => string) | null) {
    this.idOf = idOf;
  }

  begin(): void {
    this.began = performance.now();
    this.cpu = process.cpuUsage();
  }

  /** @param inTime later ones are answers all the same, but none that is counted for the rate */
  add(reply: Reply, ms: number, inTime: boolean): void {
    this.statuses[reply.status] = (this.statuses[reply.status] ?? 0) + 1;
    if (inTime) this.took.push(ms);
    if (this.idOf && reply.status === 202) this.ids.push(this.idOf(reply));
  }

  /** Of a 202 that was to be sent at a time. Times by the system's clock. */
  at(due: number, acked: number): void {
    this.due.push(due);
    this.acked.push(acked);
  }

  end(wanted?: number): Load {
    const seconds = wanted ?? (performance.now() - this.began) / 1000;
    const { user, system } = process.cpuUsage(this.cpu);
    const sorted = this.took.sort((a, b) => a - b);
    const { statuses, ids, due, acked } = this;
    return {
      answered: sorted.length,
      seconds,
      perSecond: sorted.length / seconds,
      p50: quantile(sorted, 0.5),
      p99: quantile(sorted, 0.99),
      statuses,
      ids,
      due,
      acked,
      cpu: (user + system) / 1e6,
    };
  }
}
