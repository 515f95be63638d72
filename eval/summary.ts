import { type Column, COLUMNS } from './columns.ts';
import type { CaseRecord, TextRecord } from './records.ts';
import { bootstrapped, type Interval, meanOf, medianOf, wilson } from './statistics.ts';

/** A column over all texts of a run. */
export interface Summed {
  name: string;
  /** Cases of which at least one text could be judged. */
  count: number;
  mean: number;
  median: number;
  /** Where the mean may lie, 95 %. */
  interval: Interval;
}

/** Of a case the mean over its texts: they are about one film, so they are no independent findings. */
export function caseValue({ texts }: Pick<CaseRecord, 'texts'>, { of }: Column): number | null {
  const values = texts.map(of).filter((value) => value !== null);
  return values.length === 0 ? null : meanOf(values);
}

/** @returns what could be judged, in the order of {@link COLUMNS} */
export const summaryOf = (cases: Pick<CaseRecord, 'texts'>[]): Summed[] =>
  COLUMNS.flatMap((column) => {
    const values = cases.map((one) => caseValue(one, column)).filter((value) => value !== null);
    if (values.length === 0) return [];
    const mean = meanOf(values);
    const interval = column.form === 'share' ? wilson(mean, values.length) : bootstrapped(values);
    return [{ name: column.name, count: values.length, mean, median: medianOf(values), interval }];
  });

/** How often each gate was hit by first texts, the most frequent first. */
export function gatesHit(cases: Pick<CaseRecord, 'texts'>[]): [gate: string, texts: number][] {
  const counts = new Map<string, number>();
  for (const gate of textsOf(cases).flatMap(({ hits }) => hits)) counts.set(gate, (counts.get(gate) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

export const textsOf = (cases: Pick<CaseRecord, 'texts'>[]): TextRecord[] => cases.flatMap(({ texts }) => texts);

/** The same cases with the texts of one tone alone. */
export const inTone = (cases: CaseRecord[], tone: string): CaseRecord[] =>
  cases.map((one) => ({ ...one, texts: one.texts.filter((text) => text.tone === tone) }));
