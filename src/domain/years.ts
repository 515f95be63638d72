/** Release dates differ between festival and cinema, and sources disagree about births. */
export const YEAR_TOLERANCE = 1;

/** Whether two years may be of the same film or person; one that is not known contradicts nothing. */
export const yearsAgree = (one: number | null, other: number | null): boolean =>
  one === null || other === null || Math.abs(one - other) <= YEAR_TOLERANCE;
