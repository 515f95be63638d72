import { useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from './api.ts';

export interface Loaded<Value> {
  /** Stays while a newer one is read. */
  value: Value | undefined;
  error: unknown;
  loading: boolean;
  /** When `value` was read, milliseconds since 1970; `null`: never. */
  readAt: number | null;
  /** Reads it again. */
  again: () => void;
}

/** A server that holds a request for longer counts as away, milliseconds. */
const PATIENCE_MS = 40_000;

interface LoadOptions {
  /** Reads it again after this time while the page is visible, milliseconds. */
  everyMs?: number;
  /** Whether what was read for other inputs stays until the new one is there. */
  keeps?: boolean;
}

const NOTHING = { value: undefined, error: null, loading: true, readAt: null };

/**
 * Reads what a view shows, again whenever one of `inputs` has changed. An answer that comes too late is ignored.
 * @param inputs texts and numbers that the reading depends on
 */
export function useLoad<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  inputs: readonly (string | number | boolean | undefined)[],
  { everyMs, keeps = false }: LoadOptions = {},
): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'again'>>(NOTHING);
  const [turn, setTurn] = useState(0);
  const subject = JSON.stringify(inputs);
  const shown = useRef(subject);
  const busy = useRef(false);
  useEffect(() => {
    const leave = new AbortController();
    const changed = shown.current !== subject;
    shown.current = subject;
    // What was wrong stays in sight until there is an answer.
    setState((former) => ({ ...(changed && !keeps ? NOTHING : former), loading: true }));
    busy.current = true;
    const settle = (next: (former: typeof state) => Partial<typeof state>) => {
      if (leave.signal.aborted) return;
      busy.current = false;
      setState((former) => ({ ...former, loading: false, ...next(former) }));
    };
    read(AbortSignal.any([leave.signal, AbortSignal.timeout(PATIENCE_MS)])).then(
      (value) => settle(() => ({ value, error: null, readAt: Date.now() })),
      (error: unknown) => settle(() => (isAbort(error) ? {} : { error })),
    );
    return () => leave.abort();
  }, [subject, turn]);
  const again = () => setTurn((former) => former + 1);
  // An answer that takes longer than the interval would never come if it were asked for anew.
  const anew = () => busy.current || again();
  useEffect(() => (everyMs === undefined ? undefined : whileVisible(everyMs, anew)), [everyMs]);
  return { ...state, again };
}

/** Runs `work` again and again while the page is visible. @returns a function that ends it */
export function whileVisible(everyMs: number, work: () => void): () => void {
  const timer = setInterval(() => document.hidden || work(), everyMs);
  const onReturn = () => document.hidden || work();
  document.addEventListener('visibilitychange', onReturn);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onReturn);
  };
}
