import { Registry } from 'prom-client';
import type { Labels } from './counter.js';

/** First part of every name. */
export const PREFIX = 'moviemind_';

/** All series of one name, as read somewhere else. */
export interface Family {
  /** Without {@link PREFIX}. */
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  values: { labels: Labels; value: number; suffix?: string }[];
}

/** A value that exists once; `null`: it is not known, and there is no series. */
export const single = (name: string, help: string, value: number | null): Family => ({
  name,
  help,
  type: 'gauge',
  values: value === null ? [] : [{ labels: {}, value }],
});

/** The library's Gauge and Counter count by themselves, and a histogram cannot be set: so values are added directly. */
export function registryOf(families: Family[]): Registry {
  const registry = new Registry();
  for (const { name: own, type, help, values } of families) {
    const name = PREFIX + own;
    const lines = values.map(({ suffix = '', ...line }) => ({ ...line, metricName: name + suffix }));
    registry.registerMetric({
      name,
      get: () => Promise.resolve({ name, type, help, values: lines, aggregator: 'first' }),
    } as never);
  }
  return registry;
}
