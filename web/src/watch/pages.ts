import { useState } from 'preact/hooks';
import { type Loaded, useLoad } from '../data/load.ts';

interface Page<Row> {
  results: Row[];
  next_cursor: string | null;
}

interface Pages<Row> {
  rows: readonly Row[];
  /** Of the first page. */
  first: Loaded<Page<Row>>;
  /** `undefined`: there is no more. */
  more: (() => void) | undefined;
  busy: boolean;
  error: unknown;
}

/**
 * A list that is read page by page.
 * @param inputs what the list depends on; when they change, it begins anew
 */
export function usePages<Row>(
  read: (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Row>>,
  inputs: readonly (string | number | undefined)[],
): Pages<Row> {
  const first = useLoad((signal) => read(undefined, signal), inputs, { keeps: true });
  const [later, setLater] = useState<{ of: Page<Row> | undefined; pages: Page<Row>[] }>({ of: undefined, pages: [] });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // Pages that follow another first page are not shown.
  const pages = first.value ? [first.value, ...(later.of === first.value ? later.pages : [])] : [];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const more = async () => {
    setBusy(true);
    setError(null);
    try {
      const next = await read(cursor!);
      setLater({ of: first.value, pages: [...pages.slice(1), next] });
    } catch (refused) {
      setError(refused);
    }
    setBusy(false);
  };
  const rows = pages.flatMap(({ results }) => results);
  return { rows, first, more: cursor === null ? undefined : () => void more(), busy, error };
}
