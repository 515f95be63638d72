import { OURS } from './contender.ts';
import type { Figures } from './figures.ts';
import { CARELESS, GRAPHILE, ROW_FIRST } from './peer.ts';
import { median } from './statistics.ts';

const ON_POSTGRES = `${OURS} on PostgreSQL`;
export const CACHED = 'Fastify + Redis';
export const BY_KEY = 'Fastify + primary key';
/**
 * What the program made of the row-first peer's rate with one connection before it was worked on. It has less to gain
 * there: a request that is alone waits for its own commit.
 */
const AT_ONE_BEFORE = 0.6;

/** What the program promises of its speed: a ratio to a peer in the same run, or a figure of its own. */
export interface Target {
  section: string;
  metric: string;
  ours: string;
  /** `null`: it stands alone. */
  theirs: string | null;
  bound: number;
  /** More is better. */
  more: boolean;
}

type Make = (section: string, metric: string, ours: string, theirs: string | null, bound: number) => Target;
const more: Make = (section, metric, ours, theirs, bound) => ({ section, metric, ours, theirs, bound, more: true });
const less: Make = (...target) => ({ ...more(...target), more: false });

const FIXED: Target[] = [
  more('accept', '/s at 64', OURS, ROW_FIRST.name, 2),
  more('accept', '/s at 64', OURS, CARELESS.name, 1),
  less('accept', 'p99 ms at 64', OURS, ROW_FIRST.name, 1),
  more('accept', '/s at 1', OURS, ROW_FIRST.name, AT_ONE_BEFORE),
  more('poll', '/s waiting', OURS, CACHED, 0.9),
  more('poll', '/s finished', OURS, CACHED, 0.9),
  more('poll', '/s 304 waiting', OURS, CACHED, 1),
  more('poll', '/s 304 finished', OURS, CACHED, 1),
  more('poll', '/s waiting', ON_POSTGRES, BY_KEY, 1),
  more('poll', '/s finished', ON_POSTGRES, BY_KEY, 1),
  more('jobs', 'jobs/s', OURS, ROW_FIRST.name, 2),
  more('jobs', 'jobs/s', ON_POSTGRES, GRAPHILE.name, 1),
  less('latency', 'p50 ms at 50/s', OURS, ROW_FIRST.name, 1),
  less('latency', 'p99 ms at 50/s', OURS, ROW_FIRST.name, 2),
  more('latency', 'share done in time at 500/s', OURS, null, 0.95),
  less('memory', 'idle MB', OURS, null, 150),
  less('memory', 'held poll kB', OURS, null, 40),
  less('memory', 'event stream kB', OURS, null, 40),
];
/** Of itself without these rows. */
const GROWN = 0.9;
const OF_ITSELF = '× itself with none';

export interface Verdict {
  target: Target;
  /** The median over the rounds of the ratio within a round; of a figure that stands alone, itself. */
  value: number;
  least: number;
  most: number;
  met: boolean;
}

const growthTargets = (figures: Figures): Target[] =>
  [...(figures.sections.get('growth') ?? [])].flatMap(([name, found]) =>
    [...found.keys()]
      .filter((metric) => metric.endsWith(OF_ITSELF))
      .map((metric) => more('growth', metric, name, null, GROWN)),
  );

/** How far what was measured meets them. */
export function verdicts(figures: Figures): Verdict[] {
  return [...FIXED, ...growthTargets(figures)].flatMap((target) => {
    const { section, metric, ours, theirs } = target;
    const own = figures.of(section, ours, metric);
    const others = theirs === null ? own.map(() => 1) : figures.of(section, theirs, metric);
    if (own.length === 0 || others.length === 0) return [];
    const ratios = own.map((value, n) => value / others[n]!);
    const value = median(ratios);
    const met = target.more ? value >= target.bound : value <= target.bound;
    return [{ target, value, least: Math.min(...ratios), most: Math.max(...ratios), met }];
  });
}
