import type { Loaded } from '../data/load.ts';
import { clock } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** When it was read; and that it is old, where the server is away. */
export function Freshness({ of: { value, error, readAt } }: { of: Loaded<unknown> }) {
  const { watch: w } = words.value;
  const time = readAt === null ? '' : clock(new Date(readAt).toISOString(), true);
  const isStale = error !== null && value !== undefined;
  return (
    <div class="freshness">
      <div role="status">{isStale && <p class="notice warn">{w.stale(time)}</p>}</div>
      {!isStale && <small class="hint">{readAt === null ? '\u00a0' : w.readAt(time)}</small>}
    </div>
  );
}
