import { useState } from 'preact/hooks';
import { acts, by, testModel } from '../data/api.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { useAct } from './act.ts';

/** One tiny, real call of each model, for those who want to know now. */
export function ModelTrial() {
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
