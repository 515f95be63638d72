import { useEffect, useState } from 'preact/hooks';
import { api, type Job, type JobHold } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { When } from '../parts/small.tsx';
import { clock, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';

/** The place in the queue changes without an event of this job. */
const LOOK_MS = 3000;

export function Waiting({ job }: { job: Job }) {
  const { ask: w } = words.value;
  const tried = job.attempts > 0 && job.attempts < job.max_attempts;
  return (
    <div class="now">
      {job.hold ? <Hold hold={job.hold} /> : <QueuePlace id={job.job_id} />}
      {tried && <p class="hint">{w.triedBefore(job.attempts, job.max_attempts)}</p>}
    </div>
  );
}

function QueuePlace({ id }: { id: string }) {
  const { ask: w } = words.value;
  const { value } = useLoad((signal) => api().job(id, { signal }), [id], { everyMs: LOOK_MS });
  const ahead = value?.queue_position ?? null;
  return <p>{ahead === null ? w.waits : ahead === 0 ? w.next : w.ahead(ahead)}</p>;
}

function Hold({ hold: { reason, message, since, next_probe_at } }: { hold: JobHold }) {
  const { ask: w } = words.value;
  return (
    <div class="notice wait">
      <p>
        <strong>{w.holds[reason]}</strong> {w.heldSince} <When at={since} />.{' '}
        {next_probe_at === null ? w.untilResumed : w.nextProbe(clock(next_probe_at))}
      </p>
      <p>
        <small lang="en">{message}</small>
      </p>
    </div>
  );
}

export function Writing({ job }: { job: Job }) {
  const { ask: w } = words.value;
  const now = useNow();
  const past = job.started_at === null ? 0 : Math.max(0, now - new Date(job.started_at).getTime()) / 1000;
  return (
    <div class="now">
      <p>
        {w.writtenFor(seconds(Math.floor(past)))}
        {job.attempts > 1 && ` · ${w.tryOf(job.attempts, job.max_attempts)}`}
      </p>
    </div>
  );
}

/** Ticks each second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
