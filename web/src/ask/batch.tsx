import { useState } from 'preact/hooks';
import { acts, by, cancelBatch, ProblemError } from '../data/api.ts';
import { go, link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Bar, When } from '../parts/small.tsx';
import { count, percent, seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './asking.ts';
import { type Progress, STATES, timeLeft, useBatches } from './batches.ts';
import { Failures } from './failures.tsx';
import { batches } from './kept.ts';
import { saveResults } from './results.ts';

/** One list, in one batch or several. */
export function Batch({ ids }: { ids: string[] }) {
  const { ask: w } = words.value;
  const read = useBatches(ids);
  const gone = read.error instanceof ProblemError && read.error.status === 404;
  const remove = () => {
    batches.remove(ids.join(','));
    go([]);
  };
  return (
    <div class="narrow stack">
      <p>
        <a href={link([])}>← {w.back}</a>
      </p>
      <h1>{read.value ? w.texts(read.value.total) : w.batch}</h1>
      {gone ? (
        <div class="notice">
          <p>{w.gone}</p>
          <Button onClick={remove}>{w.remove(w.batch)}</Button>
        </div>
      ) : (
        <Loading of={read} lines={8}>
          {(progress) => <Running ids={ids} progress={progress} again={read.again} />}
        </Loading>
      )}
    </div>
  );
}

function Running({ ids, progress, again }: { ids: string[]; progress: Progress; again: () => void }) {
  const { ask: w } = words.value;
  const { counts, finished, total, done, createdAt } = progress;
  const left = timeLeft(progress);
  return (
    <>
      <section class="card stack" aria-labelledby="progress">
        <h2 id="progress">{done ? w.allEnded : w.underWay}</h2>
        <Bar value={finished} most={total} label={w.progress} />
        <p class="row apart">
          <span>
            {w.finishedOf(finished, total)} ({percent(finished / Math.max(1, total))})
          </span>
          <span class="hint">
            {done ? <When at={createdAt} /> : left === null ? w.timeUnknown : w.timeLeft(seconds(Math.ceil(left)))}
          </span>
        </p>
        <p class="hidden-text" role="status">
          {done && w.allEnded}
        </p>
        <dl class="sums">
          {STATES.map((state) => (
            <div key={state} class={counts[state] > 0 ? TINTS[state] : ''}>
              <dt>{w.states[state]}</dt>
              <dd>{count(counts[state])}</dd>
            </div>
          ))}
        </dl>
        <Doings ids={ids} progress={progress} again={again} />
      </section>
      {counts.FAILED > 0 && <Failures ids={ids} failed={counts.FAILED} again={again} />}
    </>
  );
}

const TINTS = { DONE: 'good', IN_PROGRESS: 'busy', PENDING: '', FAILED: 'bad', CANCELLED: 'warn', EXPIRED: 'warn' };

function Doings({ ids, progress, again }: { ids: string[]; progress: Progress; again: () => void }) {
  const { ask: w } = words.value;
  const [asks, setAsks] = useState(false);
  const { busy, error, act } = useAct();
  const left = progress.counts.PENDING + progress.counts.IN_PROGRESS;
  const cancel = async () => {
    for (const id of ids) await cancelBatch({ ...by(acts()), path: { id } });
    again();
  };
  return (
    <>
      {error !== null && <Problem error={error} />}
      <p class="row">
        <Button busy={busy} onClick={() => void act(() => saveResults(ids))}>
          {busy ? w.saving : w.save}
        </Button>
        {left > 0 && (
          <Button look="danger" onClick={() => setAsks(true)}>
            {w.cancelRest}
          </Button>
        )}
      </p>
      {asks && (
        <Confirm title={w.cancelRest} verb={w.cancelRest} danger onConfirm={cancel} onClose={() => setAsks(false)}>
          <p>{w.cancelSays(left)}</p>
        </Confirm>
      )}
    </>
  );
}
