import { api, by, type Detail, getHealthDetail, listQueues, type Queue } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Copied } from '../parts/copied.tsx';
import { Loading } from '../parts/loading.tsx';
import { words } from '../words/words.ts';
import { ledgerLines, loopLines, postgresLines, redisLines } from './durability-lines.ts';
import { backupLine, noteLine, recoveryLines } from './durability-safety.ts';
import { Counts, Loops } from './durability-tables.tsx';
import { Freshness } from './freshness.tsx';
import { Group } from './group.tsx';

/** How often it is read anew, milliseconds. */
const EVERY_MS = 10_000;

/** Why nothing that was accepted is lost: line by line, each with what to do where it is not so. */
export function Durability() {
  const { durability: d } = words.value;
  const loaded = useLoad(
    async (signal) => {
      const [detail, list] = await Promise.all([
        getHealthDetail({ ...by(api()), signal }),
        listQueues({ ...by(api()), signal }).catch(() => null),
      ]);
      return { detail: detail.data, queues: list?.data.queues ?? [] };
    },
    [],
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <p class="lead">{d.lead}</p>
      <Freshness of={loaded} />
      <Loading of={{ ...loaded, error: loaded.value ? null : loaded.error }} lines={14}>
        {({ detail, queues }) => <Panel detail={detail} queues={queues} />}
      </Loading>
    </>
  );
}

function Panel({ detail, queues }: { detail: Detail; queues: readonly Queue[] }) {
  const { durability: d } = words.value;
  const backup = backupLine(detail);
  return (
    <>
      <Group title={d.ledger} lines={ledgerLines(queues)}>
        {queues.length > 0 && <Counts queues={queues} />}
      </Group>
      <div class="columns">
        <Group title={d.recoveries} lines={recoveryLines(detail)} />
        <Group title={d.backup} lines={[backup]}>
          {backup.todo && <Copied code={noteLine()} />}
        </Group>
      </div>
      <div class="columns">
        <Group title={d.postgres} lines={postgresLines(detail)} />
        <Group title={d.redis} lines={redisLines(detail)} />
      </div>
      <Group title={d.loops} lines={loopLines(detail)}>
        <Loops loops={detail.loops} />
      </Group>
    </>
  );
}
