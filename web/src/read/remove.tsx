import { useState } from 'preact/hooks';
import { useLoad } from '../data/load.ts';
import { go } from '../data/place.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Check } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { words } from '../words/words.ts';
import { farewell } from './moment.ts';
import type { Kind, Subject } from './subject.ts';

interface RemoveProps {
  kind: Kind;
  subject: Subject;
  onClose: () => void;
}

/** Asks before all of it goes, and says how much that is. */
export function Remove({ kind, subject, onClose }: RemoveProps) {
  const { read: w } = words.value;
  const own = w[kind.part];
  const [block, setBlock] = useState(false);
  const versions = useLoad(
    async (signal) => (await kind.versions(subject.id, { page: 1, per_page: 1 }, signal)).total_results,
    [subject.id],
  );
  const remove = async () => {
    await kind.remove(subject.id, block);
    farewell.value = own.deleted(subject.localized ?? subject.name);
    go([kind.part]);
  };
  return (
    <Confirm title={own.deleteTitle} verb={w.delete} danger onConfirm={remove} onClose={onClose}>
      <p>
        <strong>{subject.localized ?? subject.name}</strong> {subject.year}
      </p>
      <div class="goes">
        <p>{w.goes}</p>
        <Loading of={versions} lines={4}>
          {(count) => (
            <ul>
              <li>
                {w.textsGo(subject.variants.length)} ({w.versionsGo(count)})
              </li>
              <li>{w.creditsGo(subject.creditsTotal)}</li>
              <li>{w.namesGo}</li>
            </ul>
          )}
        </Loading>
        <p>{w.jobsGo}</p>
      </div>
      <Check label={w.block} checked={block} onValue={setBlock} />
      <p class="hint">{own.blockWhy}</p>
      <p>
        <strong>{w.noUndo}</strong>
      </p>
    </Confirm>
  );
}
