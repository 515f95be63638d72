import { api, by, getHealthDetail, listQueues } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Loading } from '../parts/loading.tsx';
import { words } from '../words/words.ts';
import { Activity } from './activity.tsx';
import { Freshness } from './freshness.tsx';
import { Model } from './model.tsx';
import { Queues } from './queues.tsx';
import { Verdict } from './verdict.tsx';
import { Workers } from './workers.tsx';

/** How often the overview is read anew, milliseconds. */
const EVERY_MS = 5000;

/** Is all well? The first line says so; the rest says how queues, workers and the model are doing. */
export function Overview() {
  const { watch: w } = words.value;
  const loaded = useLoad(
    async (signal) => {
      const [detail, list] = await Promise.all([
        getHealthDetail({ ...by(api()), signal }),
        listQueues({ ...by(api()), signal }),
      ]);
      return { detail: detail.data, queues: list.data.queues };
    },
    [],
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <Freshness of={loaded} />
      <Loading of={{ ...loaded, error: loaded.value ? null : loaded.error }} lines={14}>
        {({ detail, queues }) => (
          <>
            <Verdict warnings={detail.warnings} isDown={detail.postgres.state === 'down'} />
            <Queues queues={queues} changed={loaded.again} />
            <Activity />
            <Workers queues={queues} />
            <Model queues={queues} />
            <p class="hint">
              <a href="./admin/board">{w.board}</a> – {w.boardFor}
            </p>
          </>
        )}
      </Loading>
    </>
  );
}
