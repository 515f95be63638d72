import { useEffect, useState } from 'preact/hooks';
import { api, isAway, isFinished, type Job, JobFailed, WaitTimeout } from './api.ts';

/** Streams that one tab keeps open. A browser allows six connections to a server, for all its tabs. */
const STREAMS = 2;
/** Between two looks at a job without a stream, milliseconds. */
const LOOK_MS = 1500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

let streams = 0;

const isFull = () => streams >= STREAMS;

export interface Live {
  job: Job | undefined;
  /** Why the job cannot be followed; `null`: it can. */
  error: unknown;
}

/** A job that moves on the page. While the server is away it is asked for again and again. */
export function useJob(id: string, initial?: Job): Live & { told: (job: Job) => void } {
  const [live, setLive] = useState<Live>({ job: initial, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const leave = new AbortController();
    const told = (job: Job) => leave.signal.aborted || setLive({ job, error: null });
    follow(id, told, leave.signal).catch(
      (error: unknown) => leave.signal.aborted || setLive((former) => ({ job: former.job, error })),
    );
    return () => leave.abort();
  }, [id, turn]);
  /** For the answer to a retry or a cancellation, after which the job moves again. */
  const told = (job: Job) => {
    setLive({ job, error: null });
    setTurn((former) => former + 1);
  };
  return { ...live, told };
}

/** Calls `told` with every state of the job that the server tells, up to the final one. */
export async function follow(id: string, told: (job: Job) => void, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      const next = (job: Job) => {
        pause = FIRST_PAUSE_MS;
        told(job);
      };
      if (await ended(id, next, signal)) return;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    await slept(pause, signal);
  }
}

async function ended(id: string, told: (job: Job) => void, signal: AbortSignal): Promise<boolean> {
  const first = await api().job(id, { signal });
  told(first);
  if (isFinished(first)) return true;
  if (isFull()) return looked(id, told, signal);
  streams++;
  try {
    // It may have ended before the stream began, and then there is no update.
    told(await api().follow(id).wait({ onUpdate: told, signal }));
    return true;
  } catch (error) {
    if (error instanceof JobFailed) {
      told(error.job);
      return true;
    }
    if (!(error instanceof WaitTimeout)) throw error;
  } finally {
    streams--;
  }
  return false;
}

async function looked(id: string, told: (job: Job) => void, signal: AbortSignal): Promise<boolean> {
  do {
    await slept(LOOK_MS, signal);
    const job = await api().job(id, { signal });
    told(job);
    if (isFinished(job)) return true;
  } while (isFull());
  return false;
}

/** Ends at once when the signal aborts. */
export const slept = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
