import { signal } from '@preact/signals';
import { useLoad } from '../data/load.ts';
import { Choice } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Plot } from '../parts/plot.tsx';
import { compact } from '../words/numbers.ts';
import { words } from '../words/words.ts';
import { readActivity, type Span } from './figures.ts';

const EVERY_MS = 30_000;
/** Stays while the page is open. */
const span = signal<Span>('6h');

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Jobs that ended and tokens over the last hours. */
export function Activity() {
  const { watch: w } = words.value;
  const loaded = useLoad((signal) => readActivity(span.value, signal), [span.value], {
    everyMs: EVERY_MS,
    keeps: true,
  });
  return (
    <section>
      <div class="row apart">
        <h2>{w.activity}</h2>
        <Choice
          label={w.span}
          options={Object.entries(w.spans).map(([value, label]) => ({ value, label }))}
          value={span.value}
          onValue={(value) => (span.value = value as Span)}
        />
      </div>
      <div class="columns plots">
        <Loading of={{ ...loaded, error: loaded.value ? null : loaded.error }} lines={9}>
          {({ times, done, failed, accepted, tokens }) => (
            <>
              <div class="card">
                <Plot
                  title={w.activityTitle}
                  summary={w.activitySays(sum(done), sum(failed), sum(accepted))}
                  times={times}
                  format={compact}
                  series={[
                    { label: w.done, values: done, colour: 'good' },
                    { label: w.failedOf, values: failed, colour: 'bad', dashed: true },
                  ]}
                />
              </div>
              <div class="card">
                <Plot
                  title={w.tokensTitle}
                  summary={w.tokensSays(sum(tokens))}
                  times={times}
                  format={compact}
                  series={[{ label: w.tokensTitle, values: tokens, colour: 'brand' }]}
                />
              </div>
            </>
          )}
        </Loading>
      </div>
    </section>
  );
}
