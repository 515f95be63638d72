import { signal } from '@preact/signals';
import { type Activity as Report, api, by, getActivity } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { Choice } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Plot } from '../parts/plot.tsx';
import { seconds } from '../words/numbers.ts';
import { words } from '../words/words.ts';

const EVERY_MS = 30_000;
const HOURS = { '1h': 1, '6h': 6, '24h': 24, '7d': 168 } as const;
type Span = keyof typeof HOURS;
/** Stays while the page is open. */
const span = signal<Span>('6h');

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Jobs that ended and tokens over the last hours. */
export function Activity() {
  const { watch: w } = words.value;
  const loaded = useLoad(
    async (signal) => (await getActivity({ ...by(api()), query: { hours: HOURS[span.value] }, signal })).data,
    [span.value],
    {
      everyMs: EVERY_MS,
      keeps: true,
    },
  );
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
          {(report) => <Plots report={report} />}
        </Loading>
      </div>
    </section>
  );
}

function Plots({ report: { results, step_seconds } }: { report: Report }) {
  const { watch: w } = words.value;
  const of = (value: (step: Report['results'][number]) => number) => results.map(value);
  const [done, failed] = [of((step) => step.done), of((step) => step.failed)];
  const accepted = of((step) => step.accepted);
  const tokens = of(({ input_tokens, output_tokens }) => input_tokens + output_tokens);
  const steps = w.steps(seconds(step_seconds));
  const times = of(({ at }) => Date.parse(at) / 1000);
  return (
    <>
      <div class="card">
        <Plot
          title={w.activityTitle}
          summary={`${w.activitySays(sum(done), sum(failed), sum(accepted))} ${steps}`}
          times={times}
          series={[
            { label: w.accepted, values: accepted, colour: 'edge', dash: 'dots' },
            { label: w.done, values: done, colour: 'good' },
            { label: w.failedOf, values: failed, colour: 'bad', dash: 'dashes' },
          ]}
        />
      </div>
      <div class="card">
        <Plot
          title={w.tokensTitle}
          summary={`${w.tokensSays(sum(tokens))} ${steps}`}
          times={times}
          series={[{ label: w.tokensTitle, values: tokens, colour: 'brand' }]}
        />
      </div>
    </>
  );
}
