import { ProblemError } from '../data/api.ts';
import { link } from '../data/place.ts';
import { Loading } from '../parts/loading.tsx';
import { Bar, When } from '../parts/small.tsx';
import { words } from '../words/words.ts';
import { useBatches } from './batches.ts';
import { batches } from './kept.ts';

/** Batches of one list, small. */
export function BatchCard({ ids }: { ids: string[] }) {
  const { ask: w } = words.value;
  const read = useBatches(ids);
  const entry = ids.join(',');
  const gone = read.error instanceof ProblemError && read.error.status === 404;
  return (
    <article class="card small-card">
      <div class="row apart">
        <h3>
          <a href={link(['batches', entry])}>{read.value ? w.texts(read.value.total) : w.batch}</a>
        </h3>
        <button
          type="button"
          class="button quiet small"
          aria-label={w.remove(read.value ? w.texts(read.value.total) : w.batch)}
          onClick={() => batches.remove(entry)}
        >
          ✕
        </button>
      </div>
      {gone ? (
        <p class="notice">{w.gone}</p>
      ) : (
        <Loading of={read} lines={2}>
          {({ finished, total, counts, createdAt }) => (
            <>
              <Bar value={finished} most={total} label={w.progress} />
              <p class="hint">
                {w.finishedOf(finished, total)}
                {counts.FAILED > 0 && ` · ${w.states.FAILED}: ${counts.FAILED}`} · <When at={createdAt} />
              </p>
            </>
          )}
        </Loading>
      )}
    </article>
  );
}
