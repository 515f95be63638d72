import { useState } from 'preact/hooks';
import { acts, isAway, type Job, type MovieRequest, type PersonRequest } from '../data/api.ts';
import { slept } from '../data/live.ts';
import { go, place } from '../data/place.ts';
import { accepted, keep, newest } from './kept.ts';
import type { Kind, Request } from './wish.ts';

/** A server that starts again is there within a minute, most of the time. */
const TRIES = 30;
const PAUSE_MS = 2000;

/** Sends until there is an answer; the same Idempotency-Key makes that safe. @param onAway called when there is none */
export async function untilAnswered<Answer>(send: () => Promise<Answer>, onAway: () => void): Promise<Answer> {
  for (let left = TRIES; ; left--) {
    try {
      return await send();
    } catch (error) {
      if (!isAway(error) || left === 0) throw error;
      onAway();
      await slept(PAUSE_MS, new AbortController().signal);
    }
  }
}

function sent(kind: Kind, request: Request, idempotencyKey: string): Promise<Job> {
  const of = acts();
  const generation =
    kind === 'movie'
      ? of.generateMovie(request as MovieRequest, { idempotencyKey })
      : of.generatePerson(request as PersonRequest, { idempotencyKey });
  return generation.job;
}

/** Asks for one text, and keeps and shows the job's card. */
export function useAsking() {
  const [state, setState] = useState<{ busy: boolean; away: boolean; error: unknown }>({
    busy: false,
    away: false,
    error: null,
  });
  const ask = async (kind: Kind, request: Request, name?: string): Promise<Job | null> => {
    const key = crypto.randomUUID();
    setState({ busy: true, away: false, error: null });
    try {
      const job = await untilAnswered(
        () => sent(kind, request, key),
        () => setState({ busy: true, away: true, error: null }),
      );
      accepted.set(job.job_id, job);
      keep({ id: job.job_id, kind, request, name });
      newest.value = job.job_id;
      if (place.value.path.length > 0) go(['jobs', job.job_id]);
      setState({ busy: false, away: false, error: null });
      return job;
    } catch (error) {
      setState({ busy: false, away: false, error });
      return null;
    }
  };
  return { ...state, ask };
}

/** Something that the visitor does with a button: whether it is under way, and why it was refused. */
export function useAct() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    await work().catch(setError);
    setBusy(false);
  };
  return { busy, error, act };
}
