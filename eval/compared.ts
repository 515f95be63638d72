import { type Column, COLUMNS } from './columns.ts';
import type { CaseRecord } from './records.ts';
import { bootstrapped, type Interval, meanOf, signFlipTest, signTest, standing } from './statistics.ts';
import { caseValue } from './summary.ts';

/** How sure a difference must be, all columns together. */
const LEVEL = 0.05;

export interface Compared {
  column: Column;
  /** Cases that both runs have judged. */
  pairs: number;
  before: number;
  after: number;
  /** After less before, and where it may lie, 95 %. */
  difference: number;
  interval: Interval;
  /** How likely such a difference is by chance. */
  chance: number;
  verdict: 'better' | 'worse' | 'other' | 'within noise';
}

type Paired = Omit<Compared, 'verdict'>;

/** Each column by the cases that both runs have: what one film does to a model it does to the other as well. */
export function compared(before: CaseRecord[], after: CaseRecord[]): Compared[] {
  const found = COLUMNS.flatMap((column) => pairedIn(column, before, after) ?? []);
  const stands = standing(
    found.map(({ chance }) => chance),
    LEVEL,
  );
  return found.map((one, at) => ({ ...one, verdict: stands[at] ? verdictOn(one) : 'within noise' }));
}

function pairedIn(column: Column, before: CaseRecord[], after: CaseRecord[]): Paired | null {
  const others = new Map(after.map((one) => [one.id, one]));
  const pairs = before.flatMap((one) => {
    const other = others.get(one.id);
    const values = [caseValue(one, column), other ? caseValue(other, column) : null] as const;
    return values[0] === null || values[1] === null ? [] : [[values[0], values[1]] as const];
  });
  if (pairs.length === 0) return null;
  const differences = pairs.map(([one, other]) => other - one);
  return {
    column,
    pairs: pairs.length,
    before: meanOf(pairs.map(([one]) => one)),
    after: meanOf(pairs.map(([, other]) => other)),
    difference: meanOf(differences),
    interval: bootstrapped(differences),
    // Of right and wrong the count decides, of amounts how large they are.
    chance: column.form === 'share' ? signTest(differences) : signFlipTest(differences),
  };
}

function verdictOn({ column: { better }, difference }: Paired): Compared['verdict'] {
  if (better === null) return 'other';
  return difference > 0 === (better === 'more') ? 'better' : 'worse';
}
