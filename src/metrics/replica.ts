import { Counter, Gauge, type Registry } from 'prom-client';
import type { CatalogReads } from '../database/catalog-reads.js';
import { PREFIX } from './family.js';

/** Tells of the replica of DATABASE_READ_URL, as this process sees it. Nothing where there is none. */
export function tellOfReplica(reads: CatalogReads, registry: Registry): void {
  if (reads.state === null) return;
  const registers: Registry[] = [];
  const fit = new Gauge({
    name: `${PREFIX}replica_fit`,
    help: 'Whether this process asks the replica of DATABASE_READ_URL',
    registers,
    collect() {
      this.set(Number(reads.state?.isFit ?? false));
    },
  });
  const lag = new Gauge({
    name: `${PREFIX}replica_lag_seconds`,
    help: 'How far the replica is behind; no series: it is not known',
    registers,
    labelNames: [],
    collect() {
      const seconds = reads.state?.lagSeconds ?? null;
      if (seconds === null) this.remove();
      else this.set(seconds);
    },
  });
  const answered = new Counter({
    name: `${PREFIX}catalog_reads_total`,
    help: 'Reads of films and people, by the server that answered',
    registers,
    labelNames: ['server'],
    collect() {
      this.reset();
      for (const [server, count] of Object.entries(reads.counts)) this.labels({ server }).inc(count);
    },
  });
  for (const metric of [fit, lag, answered]) registry.registerMetric(metric);
}
