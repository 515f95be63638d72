import { useRef } from 'preact/hooks';
import { api, type Batch, by, getBatch, type Job, type JobList, listBatchJobs } from '../data/api.ts';
import { useLoad } from '../data/load.ts';

export type Counts = NonNullable<Batch['counts']>;
export const STATES = ['DONE', 'IN_PROGRESS', 'PENDING', 'FAILED', 'CANCELLED', 'EXPIRED'] as const;

/** Several batches as one. */
export interface Progress {
  total: number;
  counts: Counts;
  finished: number;
  done: boolean;
  createdAt: string;
  /** How many ended a second, of late; `null`: not known. */
  rate: number | null;
}

const LOOK_MS = 2000;
/** Batches that one look reads; the first of them move first. */
const READ = 4;
/** Over this time the rate is measured, milliseconds. */
const SPAN_MS = 60_000;

/** Looks until all are done. `again` looks at those that were done, too. */
export function useBatches(ids: string[]) {
  const known = useRef(new Map<string, Batch>());
  const seen = useRef<{ at: number; finished: number }[]>([]);
  const over = useRef(false);
  const loaded = useLoad(
    async (signal) => {
      const open = ids.filter((id) => !known.current.get(id)?.done);
      const unread = open.filter((id) => !known.current.has(id));
      for (const id of unread.length > 0 ? unread : open.slice(0, READ)) {
        const { data } = await getBatch({ ...by(api()), path: { id }, signal });
        known.current.set(id, data);
      }
      const progress = summed([...known.current.values()]);
      over.current = progress.done;
      return { ...progress, rate: rateOf(seen.current, progress.finished) };
    },
    [ids.join(',')],
    { everyMs: over.current ? undefined : LOOK_MS },
  );
  const again = () => {
    known.current.clear();
    seen.current = [];
    over.current = false;
    loaded.again();
  };
  return { ...loaded, again };
}

function summed(batches: Batch[]): Omit<Progress, 'rate'> {
  const counts = Object.fromEntries(
    STATES.map((state) => [state, batches.reduce((all, { counts: of }) => all + (of?.[state] ?? 0), 0)]),
  ) as Counts;
  const total = batches.reduce((all, batch) => all + batch.total, 0);
  return {
    total,
    counts,
    finished: STATES.reduce((all, state) => all + counts[state], 0) - counts.PENDING - counts.IN_PROGRESS,
    done: batches.every(({ done }) => done),
    createdAt: batches.map(({ created_at }) => created_at).sort()[0]!,
  };
}

function rateOf(seen: { at: number; finished: number }[], finished: number): number | null {
  const now = Date.now();
  seen.push({ at: now, finished });
  while (now - seen[0]!.at > SPAN_MS) seen.shift();
  const [first] = seen;
  const past = (now - first!.at) / 1000;
  return past >= 3 && finished > first!.finished ? (finished - first!.finished) / past : null;
}

/** Seconds until all have ended, at the rate of late, else at that since the beginning; `null`: nobody knows. */
export function timeLeft({ counts, finished, createdAt, rate }: Progress): number | null {
  const left = counts.PENDING + counts.IN_PROGRESS;
  if (left === 0 || finished === 0) return null;
  const sinceBegin = Math.max(1, (Date.now() - Date.parse(createdAt)) / 1000);
  return left / (rate ?? finished / sinceBegin);
}

/** Source: the OpenAPI document. */
const MOST_IN_ANSWER = 100;

/** The jobs of all batches, one after the other. */
export async function* jobsOf(ids: string[], status?: Job['status'], signal?: AbortSignal): AsyncGenerator<Job> {
  for (const id of ids) {
    let cursor: string | undefined;
    do {
      const query = { limit: MOST_IN_ANSWER, ...(status && { status }), ...(cursor && { cursor }) };
      const answer: { data: JobList } = await listBatchJobs({ ...by(api()), path: { id }, query, signal });
      yield* answer.data.results;
      cursor = answer.data.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }
}
