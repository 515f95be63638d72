import { useState } from 'preact/hooks';
import { acts, by, testModel } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Button } from '../parts/button.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { Badge, Bar, type Tint } from '../parts/small.tsx';
import { ago, count } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';
import { type ModelState, readModel } from './figures.ts';

const EVERY_MS = 10_000;

/** Whether the model is asked, what is left of its budget, and a try of it. */
export function Model() {
  const { watch: w } = words.value;
  const loaded = useLoad(readModel, [], { everyMs: EVERY_MS });
  return (
    <section>
      <h2>{w.model}</h2>
      <div class="columns">
        <Loading of={{ ...loaded, error: loaded.value ? null : loaded.error }} lines={4}>
          {(state) => (
            <>
              <Breakers models={state.models} />
              <Spent state={state} />
            </>
          )}
        </Loading>
        <Trial />
      </div>
    </section>
  );
}

const TINTS: Record<ModelState['models'][number]['state'], Tint> = { closed: 'good', open: 'bad', 'half-open': 'wait' };

function Breakers({ models }: Pick<ModelState, 'models'>) {
  const { watch: w } = words.value;
  return (
    <div class="card stack">
      {models.map(({ name, state, next_probe_at, message, reason }) => (
        <div key={name}>
          <p class="row apart">
            <strong>{name}</strong>
            <Badge tint={TINTS[state]}>{w.breaker[state]}</Badge>
          </p>
          <p>
            {w.breakerSays[state]} {next_probe_at !== null && w.nextProbe(ago(next_probe_at))}
          </p>
          {message !== null && (
            <p class="hint" lang="en">
              {message} {reason}
            </p>
          )}
        </div>
      ))}
    </div>
  );
}

function Spent({ state: { budget, tokens_per_minute } }: { state: ModelState }) {
  const { watch: w } = words.value;
  const { used, limit } = budget;
  return (
    <div class="card stack">
      <dl class="figures two">
        <div>
          <dt>{w.budget}</dt>
          <dd>{count(used)}</dd>
        </div>
        <div>
          <dt>{w.tokensPerMinute}</dt>
          <dd>{count(tokens_per_minute)}</dd>
        </div>
      </dl>
      {limit === null ? (
        <p class="hint">{w.noBudget}</p>
      ) : (
        <div>
          <Bar value={used} most={limit} label={w.budget} />
          <p class="hint">{w.budgetOf(count(used), count(limit))}</p>
        </div>
      )}
    </div>
  );
}

function Trial() {
  const { watch: w } = words.value;
  const [warnings, setWarnings] = useState<string[] | null>(null);
  const { busy, error, run } = useAct();
  const test = async () => setWarnings((await testModel(by(acts()))).data.warnings);
  return (
    <div class="card stack">
      <p class="hint">{w.testModelWhat}</p>
      <div>
        <Button busy={busy} onClick={() => run(test)}>
          {w.testModel}
        </Button>
      </div>
      <div role="status">
        {warnings?.length === 0 && <p class="notice good">{w.testGood}</p>}
        {warnings?.map((warning) => (
          <p key={warning} class="notice warn" lang="en">
            {warning}
          </p>
        ))}
      </div>
      {error !== null && <Problem error={error} />}
    </div>
  );
}
