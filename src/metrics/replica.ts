import { Counter, Gauge, type Registry } from 'prom-client';
import type { CatalogReads } from '../database/catalog-reads.js';
import { PREFIX } from './family.js';

/** Tells of the replica of DATABASE_READ_URL, as this process sees it. Nothing where there is none. */
export function tellOfReplica(reads: CatalogReads, registry: Registry): void {
  if (reads.state === null) return;
  const registers = [registry];
  new Gauge({
    name: `${PREFIX}replica_fit`,
    help: 'Whether this process asks the replica of DATABASE_READ_URL',
    registers,
    collect() {
      this.set(Number(reads.state?.isFit ?? false));
    },
  });
  new Gauge({
    name: `${PREFIX}replica_lag_seconds`,
    help: 'How far the replica is behind; no series: it is not known',
    registers,
    labelNames: [],
    collect() {
      const lag = reads.state?.lagSeconds ?? null;
      if (lag === null) this.remove();
      else this.set(lag);
    },
  });
  new Counter({
    name: `${PREFIX}catalog_reads_total`,
    help: 'Reads of films and people, by the server that answered',
    registers,
    labelNames: ['server'],
    collect() {
      this.reset();
      for (const [server, count] of Object.entries(reads.counts)) this.labels({ server }).inc(count);
    },
  });
}
