import { api, by, getActivity, getUsage, type JobHold, type Queue } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Loading } from '../parts/loading.tsx';
import { Badge } from '../parts/small.tsx';
import { ago, count } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { ModelTrial } from './model-trial.tsx';

const EVERY_MS = 10_000;
/** Steps of the activity that tell how fast tokens are used now; the last one is not over yet. */
const STEPS = 2;

/** Whether the model is asked, what it used today, and a try of it. */
export function Model({ queues }: { queues: readonly Queue[] }) {
  const { watch: w } = words.value;
  const loaded = useLoad(readTokens, [], { everyMs: EVERY_MS });
  return (
    <section>
      <h2>{w.model}</h2>
      <div class="columns">
        <Breaker queues={queues} />
        <div class="card stack">
          <Loading of={{ ...loaded, error: loaded.value ? null : loaded.error }} lines={3}>
            {({ today, perMinute }) => (
              <dl class="figures two">
                <div>
                  <dt>{w.budget}</dt>
                  <dd>{count(today)}</dd>
                </div>
                <div>
                  <dt>{w.tokensPerMinute}</dt>
                  <dd>{count(Math.round(perMinute))}</dd>
                </div>
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

type State = 'closed' | 'open' | 'half-open' | 'resting' | 'spent';

const TINTS = { closed: 'good', open: 'bad', 'half-open': 'wait', resting: 'warn', spent: 'warn' } as const;

/** What keeps jobs from the model is the same for all queues of jobs. */
function holdOf(queues: readonly Queue[]): JobHold | null {
  return queues.map(({ hold }) => hold).find((hold) => hold !== null && hold.reason !== 'PAUSED') ?? null;
}

function stateOf(hold: JobHold | null): State {
  if (hold?.reason === 'BUDGET_SPENT') return 'spent';
  if (hold?.reason === 'RATE_LIMITED') return 'resting';
  if (hold === null || hold.next_probe_at === null) return hold === null ? 'closed' : 'open';
  return Date.parse(hold.next_probe_at) <= Date.now() ? 'half-open' : 'open';
}

function Breaker({ queues }: { queues: readonly Queue[] }) {
  const { watch: w } = words.value;
  const hold = holdOf(queues);
  const state = stateOf(hold);
  const models = queues.flatMap(({ workers }) => workers.map(({ model }) => model)).filter((model) => model !== null);
  return (
    <div class="card stack">
      <p class="row apart">
        <strong>{[...new Set(models)].join(', ') || w.none}</strong>
        <Badge tint={TINTS[state]}>{w.breaker[state]}</Badge>
      </p>
      <p>{w.breakerSays[state]}</p>
      {hold && (
        <p class="hint">
          {hold.next_probe_at !== null && w.nextProbe(ago(hold.next_probe_at))}
          <br />
          <span lang="en">{hold.message}</span>
        </p>
      )}
    </div>
  );
}

async function readTokens(signal: AbortSignal): Promise<{ today: number; perMinute: number }> {
  const day = new Date().toISOString().slice(0, 10);
  const [usage, activity] = await Promise.all([
    getUsage({ ...by(api()), query: { from: day, to: day }, signal }),
    getActivity({ ...by(api()), query: { hours: 1 }, signal }),
  ]);
  const { total } = usage.data;
  const last = activity.data.results.slice(-STEPS);
  const tokens = last.reduce((sum, step) => sum + step.input_tokens + step.output_tokens, 0);
  const minutes = Math.max(1, (Date.now() - Date.parse(last[0]?.at ?? day)) / 60_000);
  return { today: total.input_tokens + total.output_tokens, perMinute: tokens / minutes };
}
