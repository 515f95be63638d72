import { acts, api, by, type DisabledEndpoint, enableEndpoint, listDisabledEndpoints } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Button } from '../parts/button.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { ago } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';

/** Endpoints that answered 410, so that nothing is sent there any more. */
export function Endpoints() {
  const { webhooks: h } = words.value.lists;
  const loaded = useLoad(async (signal) => (await listDisabledEndpoints({ ...by(api()), signal })).data.results, []);
  return (
    <section class="stack">
      <div>
        <h2>{h.disabled}</h2>
        <p class="hint">{h.disabledWhy}</p>
      </div>
      <Loading of={loaded} lines={2}>
        {(endpoints) =>
          endpoints.length === 0 ? (
            <p class="notice">{h.noneDisabled}</p>
          ) : (
            <ul class="rows">
              {endpoints.map((endpoint) => (
                <Row key={endpoint.id} endpoint={endpoint} changed={loaded.again} />
              ))}
            </ul>
          )
        }
      </Loading>
    </section>
  );
}

function Row({ endpoint: { id, url, disabled_at }, changed }: { endpoint: DisabledEndpoint; changed: () => void }) {
  const { webhooks: h } = words.value.lists;
  const { busy, error, run } = useAct();
  const enable = async () => {
    await enableEndpoint({ ...by(acts()), path: { id } });
    changed();
  };
  return (
    <li class="card">
      <div class="what">
        <p class="address">{url}</p>
        <p class="hint">{h.since(ago(disabled_at))}</p>
        {error !== null && <Problem error={error} />}
      </div>
      <div class="row acts">
        <Button busy={busy} onClick={() => run(enable)} aria-label={`${h.enable}: ${url}`}>
          {h.enable}
        </Button>
      </div>
    </li>
  );
}
