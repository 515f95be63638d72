import type { ComponentChildren } from 'preact';
import type { Loaded } from '../data/load.ts';
import { words } from '../words/words.ts';
import { Problem } from './problem.tsx';

interface LoadingProps<Value> {
  of: Loaded<Value>;
  /** Room that is kept while nothing is there, so that nothing jumps. Lines. */
  lines?: number;
  children: (value: Value) => ComponentChildren;
}

/** Shows what was read; before that, its place; where it cannot be read, why. */
export function Loading<Value>({ of: { value, error, again }, lines = 6, children }: LoadingProps<Value>) {
  if (error !== null && value === undefined) return <Problem error={error} again={again} />;
  if (value === undefined) return <Skeleton lines={lines} />;
  return (
    <>
      {error !== null && <Problem error={error} again={again} />}
      {children(value)}
    </>
  );
}

export function Skeleton({ lines }: { lines: number }) {
  return (
    <div class="skeleton" role="status" aria-label={words.value.frame.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} class="line" />
      ))}
    </div>
  );
}
