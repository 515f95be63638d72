import { useState } from 'preact/hooks';
import { acts, api, by, flushFailedJobs, listFailedJobs, retryFailedJobs } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Confirm } from '../parts/dialog.tsx';
import { SelectField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { words } from '../words/words.ts';
import type { Filter } from './failed-query.ts';

/** Pages of 100 that are counted before "more than" is said. */
const COUNTED_PAGES = 5;

interface DialogProps {
  told: (message: string) => void;
  onClose: () => void;
}

export function RetryMatching({ filter, told, onClose }: DialogProps & { filter: Filter }) {
  const { failed: f } = words.value.lists;
  const counted = useLoad((signal) => countOf(filter, signal), []);
  const retry = async () => {
    const { data } = await retryFailedJobs({ ...by(acts()), body: { ...filter } });
    told(f.retried(data.retried));
  };
  return (
    <Confirm title={f.retryAllTitle} verb={f.retry} onConfirm={retry} onClose={onClose}>
      <Loading of={counted} lines={1}>
        {({ count, more }) => <p>{f.retryAllSays(count, more)}</p>}
      </Loading>
    </Confirm>
  );
}

/** No route counts, so the list is read; not to its end where it is long. */
async function countOf(filter: Filter, signal: AbortSignal): Promise<{ count: number; more: boolean }> {
  let count = 0;
  let cursor: string | undefined;
  for (let page = 0; page < COUNTED_PAGES; page++) {
    const { data } = await listFailedJobs({ ...by(api()), query: { ...filter, limit: 100, cursor }, signal });
    count += data.results.length;
    if (data.next_cursor === null) return { count, more: false };
    cursor = data.next_cursor;
  }
  return { count, more: true };
}

export function Flush({ told, onClose }: DialogProps) {
  const { failed: f } = words.value.lists;
  const [age, setAge] = useState('30d');
  const flush = async () => {
    const { data } = await flushFailedJobs({ ...by(acts()), query: { older_than: age } });
    told(f.forgotten(data.forgotten));
  };
  return (
    <Confirm title={f.flushTitle} verb={f.forget} danger onConfirm={flush} onClose={onClose}>
      <SelectField
        label={f.olderThan}
        value={age}
        onValue={setAge}
        options={Object.entries(f.ages).map(([value, label]) => ({ value, label }))}
      />
      <p>
        {f.flushSays} {f.noUndo}
      </p>
    </Confirm>
  );
}
