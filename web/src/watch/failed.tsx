import { useState } from 'preact/hooks';
import { acts, api, by, listFailedJobs, retryFailedJobs } from '../data/api.ts';
import { place } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { Check } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';
import { Flush, RetryMatching } from './failed-dialogs.tsx';
import { FailedFilters } from './failed-filters.tsx';
import { filterOf, partsOf } from './failed-query.ts';
import { FailedRow } from './failed-row.tsx';
import { Paged } from './paged.tsx';
import { usePages } from './pages.ts';

/** Jobs that failed for good: find, understand, retry and forget them. */
export function Failed() {
  const { watch: w, lists } = words.value;
  const filter = filterOf(place.value);
  const pages = usePages(
    async (cursor, signal) =>
      (await listFailedJobs({ ...by(api()), query: { ...filter, limit: 20, cursor }, signal })).data,
    [filter.type, filter.entity, filter.q, filter.since],
  );
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'retry' | 'flush' | null>(null);
  const [said, setSaid] = useState('');
  const { busy, error, run } = useAct();
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  const chosen = pages.rows.filter(({ uuid }) => selected.has(uuid)).map(({ uuid }) => uuid);
  const told = (message: string) => {
    setSaid(message);
    setSelected(new Set());
    pages.first.again();
  };
  const retryChosen = async () => {
    const { data } = await retryFailedJobs({ ...by(acts()), body: { ids: chosen } });
    told(lists.failed.retried(data.retried));
  };
  const mark = (uuid: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(uuid);
    else next.delete(uuid);
    setSelected(next);
  };
  return (
    <>
      <FailedFilters filter={filter} />
      <div class="row apart">
        <div class="row">
          <Check
            label={lists.failed.selectAll}
            checked={chosen.length > 0 && chosen.length === pages.rows.length}
            onValue={(on) => setSelected(new Set(on ? pages.rows.map(({ uuid }) => uuid) : []))}
          />
          <Button look="main" disabled={chosen.length === 0} busy={busy} onClick={() => run(retryChosen)}>
            {lists.failed.retrySelected(chosen.length)}
          </Button>
        </div>
        <div class="row">
          <Button onClick={() => setDialog('retry')}>{lists.failed.retryAll}</Button>
          <Button look="danger" onClick={() => setDialog('flush')}>
            {lists.failed.flush}
          </Button>
          <Button look="quiet" onClick={pages.first.again}>
            {w.refresh}
          </Button>
        </div>
      </div>
      <p role="status" class="said">
        {said}
      </p>
      {error !== null && <Problem error={error} />}
      <Paged of={pages} none={isNarrowed ? lists.failed.noneMatch : lists.failed.none}>
        {(rows) => (
          <ul class="rows">
            {rows.map((job) => (
              <FailedRow
                key={job.uuid}
                job={job}
                parts={partsOf(job)}
                isSelected={selected.has(job.uuid)}
                onSelect={(on) => mark(job.uuid, on)}
                told={told}
              />
            ))}
          </ul>
        )}
      </Paged>
      {dialog === 'retry' && <RetryMatching filter={filter} told={told} onClose={() => setDialog(null)} />}
      {dialog === 'flush' && <Flush told={told} onClose={() => setDialog(null)} />}
    </>
  );
}
