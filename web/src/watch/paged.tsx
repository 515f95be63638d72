import type { ComponentChildren } from 'preact';
import { Button } from '../parts/button.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import type { usePages } from './pages.ts';

interface PagedProps<Row> {
  of: ReturnType<typeof usePages<Row>>;
  /** Said where there is nothing. */
  none: string;
  children: (rows: readonly Row[]) => ComponentChildren;
}

/** The rows that were read, and a button for more of them. */
export function Paged<Row>({ of: { rows, first, more, busy, error }, none, children }: PagedProps<Row>) {
  return (
    <Loading of={first} lines={10}>
      {() => (
        <>
          {rows.length === 0 ? <p class="notice">{none}</p> : children(rows)}
          {error !== null && <Problem error={error} />}
          {more && (
            <p class="row">
              <Button busy={busy} onClick={more}>
                {words.value.watch.more}
              </Button>
            </p>
          )}
        </>
      )}
    </Loading>
  );
}
