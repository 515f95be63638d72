import { ascending, median } from './statistics.ts';

/** One value for each round, in their order. */
export type Rounds = number[];

export interface Summary {
  median: number;
  least: number;
  most: number;
  rounds: Rounds;
}

export function summary(rounds: Rounds): Summary {
  const sorted = ascending(rounds.filter((value) => Number.isFinite(value)));
  return { median: sorted.length ? median(sorted) : NaN, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN, rounds };
}

/** What was measured: section, contender, metric. Metrics carry their unit in their names: `accept/s at 64`. */
export class Figures {
  readonly sections = new Map<string, Map<string, Map<string, Rounds>>>();

  add(section: string, contender: string, metric: string, value: number): void {
    const contenders = at(this.sections, section, () => new Map<string, Map<string, Rounds>>());
    at(
      at(contenders, contender, () => new Map<string, Rounds>()),
      metric,
      () => [] as Rounds,
    ).push(value);
  }

  of(section: string, contender: string, metric: string): Rounds {
    return this.sections.get(section)?.get(contender)?.get(metric) ?? [];
  }

  toJSON(): object {
    const plain = (rounds: Map<string, Rounds>) =>
      Object.fromEntries([...rounds].map(([metric, values]) => [metric, summary(values)]));
    return Object.fromEntries(
      [...this.sections].map(([section, contenders]) => [
        section,
        Object.fromEntries([...contenders].map(([name, metrics]) => [name, plain(metrics)])),
      ]),
    );
  }
}

function at<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  if (!map.has(key)) map.set(key, make());
  return map.get(key)!;
}
