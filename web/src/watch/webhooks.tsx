import { useState } from 'preact/hooks';
import {
  acts,
  api,
  by,
  type JobDelivery,
  listAllDeliveries,
  type ListAllDeliveriesData,
  listQueues,
  replayDelivery,
} from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { link } from '../data/place.ts';
import { Button } from '../parts/button.tsx';
import { SelectField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Badge, type Tint, When } from '../parts/small.tsx';
import { ago } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';
import { Endpoints } from './endpoints.tsx';
import { optionsOf } from './options.ts';
import { Paged } from './paged.tsx';
import { usePages } from './pages.ts';
import { QueueCard } from './queues.tsx';

const TINTS: Record<JobDelivery['status'], Tint> = {
  PENDING: 'busy',
  DELIVERED: 'good',
  FAILED: 'bad',
  DISABLED: 'warn',
};

/** Messages to webhooks of all jobs, and the endpoints that want none. */
export function Webhooks() {
  const { watch: w, lists } = words.value;
  const [status, setStatus] = useState<string>('FAILED');
  const [said, setSaid] = useState('');
  const pages = usePages(
    async (cursor, signal) => {
      const query = { status: status || undefined, cursor } as NonNullable<ListAllDeliveriesData['query']>;
      return (await listAllDeliveries({ ...by(api()), query, signal })).data;
    },
    [status],
  );
  const queue = useLoad(async (signal) => (await listQueues({ ...by(api()), signal })).data.queues, []);
  const told = () => {
    setSaid(lists.webhooks.replayed);
    pages.first.again();
  };
  return (
    <>
      <Loading of={queue} lines={6}>
        {(queues) => (
          <div class="columns queues">
            {queues.map(
              (one) =>
                one.name === 'webhooks' && <QueueCard heading="h2" key={one.name} queue={one} changed={queue.again} />,
            )}
          </div>
        )}
      </Loading>
      <div class="filters">
        <SelectField
          label={lists.webhooks.status}
          value={status}
          onValue={setStatus}
          options={optionsOf(w.all, lists.webhooks.statuses)}
        />
      </div>
      <p role="status" class="said">
        {said}
      </p>
      <Paged of={pages} none={lists.webhooks.none}>
        {(rows) => (
          <ul class="rows">
            {rows.map((delivery) => (
              <Row key={delivery.delivery_id} delivery={delivery} told={told} />
            ))}
          </ul>
        )}
      </Paged>
      <Endpoints />
    </>
  );
}

function Row({ delivery, told }: { delivery: JobDelivery; told: () => void }) {
  const { webhooks: h } = words.value.lists;
  const { delivery_id, job_id, type, url, status, attempts, max_attempts, last_status, last_error } = delivery;
  const { busy, error, run } = useAct();
  const replay = async () => {
    await replayDelivery({ ...by(acts()), path: { id: job_id, delivery_id } });
    told();
  };
  return (
    <li class="card">
      <div class="what">
        <h2>
          <Badge tint={TINTS[status]}>{h.statuses[status]}</Badge> {type}
        </h2>
        <p class="address">{url ?? '–'}</p>
        {(last_status !== null || last_error !== null) && <p lang="en">{last_error ?? h.answer(last_status!)}</p>}
        <p class="hint">
          {h.attempts(attempts, max_attempts)} · <When at={delivery.created_at} />
          {delivery.next_attempt_at !== null && ` · ${h.next(ago(delivery.next_attempt_at))}`}
        </p>
        {error !== null && <Problem error={error} />}
      </div>
      <div class="row acts">
        <Button busy={busy} onClick={() => run(replay)} aria-label={`${h.replay}: ${type} ${url ?? ''}`}>
          {h.replay}
        </Button>
        <a class="button quiet" href={link(['jobs', job_id])}>
          {h.job}
        </a>
      </div>
    </li>
  );
}
