import { yearsAgree } from '../domain/years.js';

/** One of those that a provider has under a name. */
export interface Candidate {
  id: number;
  names: string[];
  year: number | null;
  /** How well known it is, in whatever unit; compared with others of the same kind alone. */
  weight: number;
}

/** Which one is meant. `undecided`: nothing says which, and nothing is guessed. */
export type Choice<One extends Candidate> =
  { is: 'none' } | { is: 'undecided' } | { is: 'one'; one: One } | { is: 'several'; several: One[] };

interface Asked {
  year: number | null;
  /** Whether nothing but the name says which one is meant. */
  isOpen: boolean;
  /** So many times as well known as another one is what a name means. */
  overshadows: number;
}

/**
 * Which of those that fit is meant. The year that was asked for goes before one beside it. What hardly anybody knows
 * beside the best known one makes nothing ambiguous.
 */
export function choiceAmong<One extends Candidate>(fitting: One[], asked: Asked): Choice<One> {
  const [best, ...others] = sorted(ofItsYear(fitting, asked.year));
  if (!best) return { is: 'none' };
  const rivals = others.filter(({ weight }) => !isOvershadowed(weight, best.weight, asked.overshadows));
  if (rivals.length === 0) return { is: 'one', one: best };
  const several = toldApart([best, ...rivals]);
  return asked.isOpen && several.length > rivals.length ? { is: 'several', several } : { is: 'undecided' };
}

/** Others of its name, of other years, that a request without a year might mean. */
export function namesakesOf<One extends Candidate>(one: Candidate, called: One[], overshadows: number): One[] {
  const others = called.filter(({ id, weight }) => id !== one.id && !isOvershadowed(weight, one.weight, overshadows));
  return toldApart(sorted(others)).filter(({ year }) => !yearsAgree(year, one.year));
}

function ofItsYear<One extends Candidate>(all: One[], year: number | null): One[] {
  const exact = all.filter((one) => year !== null && one.year === year);
  return exact.length > 0 ? exact : all;
}

const sorted = <One extends Candidate>(all: One[]) => all.toSorted((a, b) => b.weight - a.weight || a.id - b.id);

const isOvershadowed = (weight: number, best: number, times: number) => best > 0 && weight * times <= best;

/** Those of them that can be asked for by a year of their own. */
function toldApart<One extends Candidate>(all: One[]): One[] {
  return all.filter(
    (one, place) => one.year !== null && !all.slice(0, place).some((other) => yearsAgree(other.year, one.year)),
  );
}
