import { ProblemError } from '../data/api.ts';
import type { TypedFacts } from './facts-typed.ts';
import type { Subject } from './subject.ts';

export interface FieldsProps {
  subject: Subject;
  typed: TypedFacts;
  set: (changed: Partial<TypedFacts>) => void;
  error: unknown;
}

/** What the API said of a field, and of all within it. */
export function errorsOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const found = error.problem.errors?.filter(({ pointer }) => `${pointer}/`.startsWith(`/${field}/`));
  return found?.map(({ detail }) => detail).join('; ') || undefined;
}
