import type { Usage, UsageReport } from '../data/api.ts';
import { Plot } from '../parts/plot.tsx';
import { decimal } from '../words/numbers.ts';
import { words } from '../words/words.ts';

const DAY_MS = 86_400_000;
/** Most days of a plot. */
const MOST_DAYS = 400;

const tokensOf = ({ input_tokens, output_tokens }: Usage) => input_tokens + output_tokens;

/** Every day of the range: one without calls is nought and not missing. */
function daysOf({ from, to, results }: UsageReport) {
  const found = new Map(results.map((usage) => [usage.day, usage]));
  const count = Math.min(MOST_DAYS, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1);
  const first = Date.parse(to) - (count - 1) * DAY_MS;
  return Array.from({ length: count }, (_, place) => {
    const time = first + place * DAY_MS;
    return { time: time / 1000, usage: found.get(new Date(time).toISOString().slice(0, 10)) };
  });
}

export function UsageDays({ report }: { report: UsageReport }) {
  const { usage: u } = words.value.lists;
  const { total } = report;
  const days = daysOf(report);
  const times = days.map(({ time }) => time);
  const of = (value: (usage: Usage) => number | null) => days.map(({ usage }) => (usage ? value(usage) : 0));
  return (
    <div class="columns">
      <div class="card">
        <Plot
          bars
          title={u.tokensTitle}
          summary={u.says(total.calls, tokensOf(total))}
          times={times}
          series={[
            { label: u.both, values: of(tokensOf), colour: 'brand' },
            { label: u.output, values: of(({ output_tokens }) => output_tokens), colour: 'good' },
          ]}
        />
      </div>
      <div class="card">
        {days.every(({ usage }) => !usage?.cost) ? (
          <p>
            <strong>{u.costTitle}</strong> {u.noCost}
          </p>
        ) : (
          <Plot
            bars
            title={u.costTitle}
            summary={total.cost === null ? u.noCost : u.costSays(money(total.cost))}
            times={times}
            format={money}
            series={[{ label: u.cost, values: of(({ cost }) => cost), colour: 'brand' }]}
          />
        )}
      </div>
    </div>
  );
}

/** The currency is that of MODEL_PRICES, which does not name it. Small sums need their digits. */
export const money = (value: number) => decimal(value, value !== 0 && value < 1 ? 4 : 2);
