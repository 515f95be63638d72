import { useState } from 'preact/hooks';
import { api, type Attempt, by, type Job, listAttempts } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Loading } from '../parts/loading.tsx';
import { When } from '../parts/small.tsx';
import { seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { tokensOf } from './written.tsx';

/** The tries of a job, which are read once somebody wants to see them. */
export function Tries({ job }: { job: Job }) {
  const { ask: w } = words.value;
  const [open, setOpen] = useState(false);
  if (job.attempts === 0) return <span />;
  return (
    <details class="tries" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{w.triesOf}</summary>
      {open && <TryTable job={job} />}
    </details>
  );
}

function TryTable({ job: { job_id, status, attempts } }: { job: Job }) {
  const { ask: w } = words.value;
  const tries = useLoad(
    async (signal) => (await listAttempts({ ...by(api()), path: { id: job_id }, signal })).data.results,
    [job_id, status, attempts],
  );
  return (
    <Loading of={tries} lines={3}>
      {(list) => (
        <div class="scroll" tabIndex={0} role="region" aria-label={w.triesOf}>
          <table>
            <caption class="hidden-text">{w.triesOf}</caption>
            <thead>
              <tr>
                <th scope="col">{w.try}</th>
                <th scope="col">{w.outcome}</th>
                <th scope="col">{w.began}</th>
                <th scope="col">{w.took}</th>
                <th scope="col">{w.model}</th>
                <th scope="col" class="number">
                  {w.tokensColumn}
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((one, place) => (
                <TryRow key={place} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loading>
  );
}

function TryRow({ one }: { one: Attempt }) {
  const { ask: w } = words.value;
  const took = one.finished_at && (Date.parse(one.finished_at) - Date.parse(one.started_at)) / 1000;
  return (
    <tr>
      <td>{one.attempt}</td>
      <td>
        {w.outcomes[one.outcome ?? 'RUNS']}
        {one.error && (
          <small class="hint block" lang="en">
            {one.error.message}
          </small>
        )}
        {one.reason && (
          <small class="hint block" lang="en">
            {one.reason}
          </small>
        )}
      </td>
      <td>
        <When at={one.started_at} />
      </td>
      <td>{took === null ? '–' : seconds(Number(took))}</td>
      <td>{one.model ?? '–'}</td>
      <td class="number">{tokensOf(one)}</td>
    </tr>
  );
}
