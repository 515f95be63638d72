import { useEffect, useRef, useState } from 'preact/hooks';
import { batches } from './kept.ts';
import { accept, type Part, partsOf, type Plan, refusedRows, together, trial, type Trial } from './parts.ts';

interface State {
  busy: 'estimate' | 'send' | null;
  /** Parts that are done, of the present work. */
  done: number;
  parts: number;
  estimate: Trial | null;
  /** What the server says of rows, by their number. */
  refused: Map<number, string>;
  error: unknown;
  /** Seconds that the server asks to wait; `null`: it does not answer; `undefined`: it goes on. */
  waits: number | null | undefined;
}

const IDLE: State = {
  busy: null,
  done: 0,
  parts: 0,
  estimate: null,
  refused: new Map(),
  error: null,
  waits: undefined,
};

/** First what a list would make and take, then the list itself, a batch after the other. */
export function useSending() {
  const [state, setState] = useState<State>(IDLE);
  const parts = useRef<Part[]>([]);
  const change = (more: Partial<State>) => setState((former) => ({ ...former, ...more }));
  const told = (waits: number | null) => change({ waits });
  useEffect(() => (state.busy === 'send' ? whileLeaving() : undefined), [state.busy]);

  const estimate = async (plan: Plan) => {
    const trials: Trial[] = [];
    const refused = new Map<number, string>();
    parts.current = partsOf(plan);
    setState({ ...IDLE, busy: 'estimate', parts: parts.current.length });
    try {
      for (const [done, part] of parts.current.entries()) {
        change({ done });
        const answer = await trial(plan, part, told).catch((error: unknown) => {
          const rows = refusedRows(error, part);
          if (!rows) throw error;
          for (const [row, why] of rows) refused.set(row, why);
          return null;
        });
        change({ waits: undefined });
        if (answer) trials.push(answer);
      }
      setState({ ...IDLE, refused, estimate: refused.size > 0 ? null : together(trials) });
    } catch (error) {
      setState({ ...IDLE, error });
    }
  };

  /** Goes on where it stopped. @returns ids of the batches; `null`: it stopped */
  const send = async (plan: Plan): Promise<string[] | null> => {
    change({ busy: 'send', error: null, parts: parts.current.length });
    const ids = () => parts.current.flatMap(({ id }) => id ?? []);
    try {
      for (const [done, part] of parts.current.entries()) {
        if (part.id) continue;
        change({ done });
        const before = ids().join(',');
        part.id = (await accept(plan, part, told)).batch_id;
        change({ waits: undefined });
        batches.remove(before);
        batches.add(ids().join(','));
      }
      setState(IDLE);
      return ids();
    } catch (error) {
      change({ busy: null, waits: undefined, error });
      return null;
    }
  };

  return { ...state, estimateNow: estimate, send, reset: () => setState(IDLE) };
}

/** A part that is not sent yet is known to this tab alone. */
function whileLeaving(): () => void {
  const warn = (event: BeforeUnloadEvent) => event.preventDefault();
  addEventListener('beforeunload', warn);
  return () => removeEventListener('beforeunload', warn);
}
