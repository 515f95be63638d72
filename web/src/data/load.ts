import { useEffect, useRef, useState } from 'preact/hooks';
import { isAbort } from './api.ts';

export interface Loaded<Value> {
  /** Stays while a newer one is read. */
  value: Value | undefined;
  error: unknown;
  loading: boolean;
  /** Reads it again. */
  again: () => void;
}

interface LoadOptions {
  /** Reads it again after this time while the page is visible, milliseconds. */
  everyMs?: number;
  /** Whether what was read for other inputs stays until the new one is there. */
  keeps?: boolean;
}

/**
 * Reads what a view shows, again whenever one of `inputs` has changed. An answer that comes too late is ignored.
 * @param inputs texts and numbers that the reading depends on
 */
export function useLoad<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  inputs: readonly (string | number | boolean | undefined)[],
  { everyMs, keeps = false }: LoadOptions = {},
): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'again'>>({ value: undefined, error: null, loading: true });
  const [turn, setTurn] = useState(0);
  const subject = JSON.stringify(inputs);
  const shown = useRef(subject);
  useEffect(() => {
    const leave = new AbortController();
    const changed = shown.current !== subject;
    shown.current = subject;
    setState((former) => ({ value: changed && !keeps ? undefined : former.value, error: null, loading: true }));
    read(leave.signal).then(
      (value) => leave.signal.aborted || setState({ value, error: null, loading: false }),
      (error: unknown) =>
        leave.signal.aborted ||
        isAbort(error) ||
        setState((former) => ({ value: former.value, error, loading: false })),
    );
    return () => leave.abort();
  }, [subject, turn]);
  const again = () => setTurn((former) => former + 1);
  useEffect(() => (everyMs === undefined ? undefined : whileVisible(everyMs, again)), [everyMs]);
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
