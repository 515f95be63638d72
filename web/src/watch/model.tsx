import { api, by, getModels, type JobHold, type Models, type ModelState, type Queue } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Loading } from '../parts/loading.tsx';
import { Badge } from '../parts/small.tsx';
import { ago, count, dateTime } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { ModelTrial } from './model-trial.tsx';

/** As often as the queues, whose hold says more of the same models. */
const EVERY_MS = 5000;

/** Whether the models are asked, what they used, and a try of them. */
export function Model({ queues }: { queues: readonly Queue[] }) {
  const { watch: w } = words.value;
  const loaded = useLoad(async (signal) => (await getModels({ ...by(api()), signal })).data, [], {
    everyMs: EVERY_MS,
  });
  const shown = { ...loaded, error: loaded.value ? null : loaded.error };
  return (
    <section>
      <h2>{w.model}</h2>
      <div class="columns">
        <div class="card stack">
          <Loading of={shown} lines={3}>
            {({ models }) => (
              <>
                {models.map((model) => (
                  <Breaker key={model.name} model={model} hold={holdOf(queues)} />
                ))}
                {models.length === 0 && w.none}
              </>
            )}
          </Loading>
        </div>
        <div class="card stack">
          <Loading of={shown} lines={3}>
            {({ daily_tokens, tokens_per_minute }) => (
              <dl class="figures two">
                <Tokens what={w.budget} of={daily_tokens} />
                <Tokens what={w.tokensPerMinute} of={tokens_per_minute} />
              </dl>
            )}
          </Loading>
          <p class="hint">{w.budgetSays}</p>
        </div>
        <ModelTrial />
      </div>
    </section>
  );
}

function Tokens({ what, of: { used, limit } }: { what: string; of: Models['daily_tokens'] }) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>
        {count(used)} {limit !== null && <small class="hint">{words.value.watch.ofLimit(count(limit))}</small>}
      </dd>
    </div>
  );
}

const TINTS = { closed: 'good', open: 'bad', 'half-open': 'wait', resting: 'warn', spent: 'warn' } as const;

/** What keeps jobs from a model though it is well is the same for all queues of jobs. */
function holdOf(queues: readonly Queue[]): JobHold | null {
  const isOfModel = ({ reason }: JobHold) => reason === 'BUDGET_SPENT' || reason === 'RATE_LIMITED';
  return queues.map(({ hold }) => hold).find((hold) => hold !== null && isOfModel(hold)) ?? null;
}

function Breaker({ model, hold }: { model: ModelState; hold: JobHold | null }) {
  const { watch: w } = words.value;
  const isWell = model.state === 'closed';
  const waits = hold?.reason === 'BUDGET_SPENT' ? 'spent' : 'resting';
  const state = isWell && hold ? waits : model.state;
  const { since = null, next_probe_at = null, message = null } = (isWell ? hold : model) ?? {};
  return (
    <>
      <p class="row apart">
        <strong>{model.name}</strong>
        <Badge tint={TINTS[state]}>{w.breaker[state]}</Badge>
      </p>
      <p>{w.breakerSays[state]}</p>
      {since !== null && (
        <p class="hint">
          {w.heldSince(dateTime(since))} {next_probe_at !== null && w.nextProbe(ago(next_probe_at))}
          <br />
          <span lang="en">
            {message} {model.reason}
          </span>
        </p>
      )}
    </>
  );
}
