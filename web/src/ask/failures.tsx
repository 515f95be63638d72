import { useState } from 'preact/hooks';
import { acts, by, type Job, retryBatch, retryJob } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { languageName } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './asking.ts';
import { jobsOf } from './batches.ts';
import { toneName } from './choices.ts';

const PAGE = 20;

interface FailuresProps {
  ids: string[];
  /** How many there are; the list is read again when that changes. */
  failed: number;
  again: () => void;
}

/** What failed, and why; all of it or one can be tried again. */
export function Failures({ ids, failed, again }: FailuresProps) {
  const { ask: w } = words.value;
  const [shown, setShown] = useState(PAGE);
  const { busy, error, act } = useAct();
  const [said, setSaid] = useState('');
  const jobs = useLoad((signal) => firstFailed(ids, shown, signal), [ids.join(','), failed, shown]);
  const retryAll = async () => {
    let retried = 0;
    for (const id of ids) retried += (await retryBatch({ ...by(acts()), path: { id } })).data.retried;
    setSaid(w.retried(retried));
    again();
  };
  return (
    <section class="card stack" aria-labelledby="failed">
      <div class="row apart">
        <h2 id="failed">{w.failedTitle(failed)}</h2>
        <Button busy={busy} onClick={() => void act(retryAll)}>
          {w.retryAll}
        </Button>
      </div>
      <p role="status" class="spoken">
        {said}
      </p>
      {error !== null && <Problem error={error} />}
      <Loading of={jobs} lines={6}>
        {(list) => (
          <>
            <ul class="failures">
              {list.map((job) => (
                <FailedJob key={job.job_id} job={job} again={again} />
              ))}
            </ul>
            {failed > list.length && list.length >= shown && (
              <p>
                <Button onClick={() => setShown(shown + PAGE)}>{w.showMore}</Button>
              </p>
            )}
          </>
        )}
      </Loading>
    </section>
  );
}

function FailedJob({ job, again }: { job: Job; again: () => void }) {
  const { ask: w } = words.value;
  const { busy, error, act } = useAct();
  const retry = async () => {
    await retryJob({ ...by(acts()), path: { id: job.job_id } });
    again();
  };
  const choose = (job.error?.suggestions?.length ?? 0) > 0;
  return (
    <li>
      <div class="row apart">
        <div>
          <a href={link(['jobs', job.job_id])}>{job.requested_slug}</a>{' '}
          <small class="hint">
            {languageName(job.locale)} · {toneName(job.context_tag)}
          </small>
          <p class="why">
            {job.error ? w.errors[job.error.type] : w.states.FAILED}{' '}
            {job.error && <small lang="en">{job.error.message}</small>}
          </p>
        </div>
        {choose ? (
          <a class="button" href={link(['jobs', job.job_id])} aria-label={`${w.choose}: ${job.requested_slug}`}>
            {w.choose}
          </a>
        ) : (
          <Button busy={busy} aria-label={`${w.retry}: ${job.requested_slug}`} onClick={() => void act(retry)}>
            {w.retry}
          </Button>
        )}
      </div>
      {error !== null && <Problem error={error} />}
    </li>
  );
}

/** The first so many of all batches. */
async function firstFailed(ids: string[], most: number, signal: AbortSignal): Promise<Job[]> {
  const jobs: Job[] = [];
  for await (const job of jobsOf(ids, 'FAILED', signal)) if (jobs.push(job) >= most) break;
  return jobs;
}
