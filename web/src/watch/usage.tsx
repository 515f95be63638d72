import { api, by, getUsage } from '../data/api.ts';
import { useLoad } from '../data/load.ts';
import { go, place } from '../data/place.ts';
import { Choice, TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { words } from '../words/words.ts';
import { UsageDays } from './usage-days.tsx';
import { UsageTable } from './usage-table.tsx';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const GROUPS = ['key', 'model', 'prompt', 'entity'] as const;

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const isDay = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** The range of the address, else the last days. Days are those of UTC, as the server counts. */
function rangeOf({ query }: { query: URLSearchParams }) {
  const [from, to] = [query.get('from'), query.get('to')];
  const last = isDay(to) ? to : dayOf(Date.now());
  return { from: isDay(from) ? from : dayOf(Date.parse(last) - (DEFAULT_DAYS - 1) * DAY_MS), to: last };
}

/** Calls, tokens and cost of models: by day as plots, by key, model, prompts and kind as tables. */
export function Usage() {
  const { lists, watch: w } = words.value;
  const { usage: u } = lists;
  const range = rangeOf(place.value);
  const days = Math.round((Date.parse(range.to) - Date.parse(range.from)) / DAY_MS) + 1;
  const isToday = range.to === dayOf(Date.now());
  const use = (next: Partial<typeof range>) => go(['watch', 'usage'], { ...range, ...next }, { instead: true });
  const last = (count: string) =>
    use({ from: dayOf(Date.now() - (Number(count) - 1) * DAY_MS), to: dayOf(Date.now()) });
  const loaded = useLoad(
    async (signal) => {
      const read = async (by_: 'day' | (typeof GROUPS)[number]) =>
        (await getUsage({ ...by(api()), query: { ...range, by: by_ }, signal })).data;
      const [day, ...groups] = await Promise.all([read('day'), ...GROUPS.map(read)]);
      return { day, groups };
    },
    [range.from, range.to],
  );
  return (
    <>
      <div class="filters">
        <Choice
          label={u.span}
          options={Object.entries(u.spans).map(([value, label]) => ({ value, label }))}
          value={isToday ? String(days) : ''}
          onValue={last}
        />
        <TextField type="date" label={u.from} value={range.from} onValue={(from) => isDay(from) && use({ from })} />
        <TextField type="date" label={u.to} value={range.to} onValue={(to) => isDay(to) && use({ to })} />
      </div>
      <Loading of={loaded} lines={14}>
        {({ day, groups }) =>
          day.total.calls === 0 ? (
            <p class="notice">{u.nothing}</p>
          ) : (
            <>
              <UsageDays report={day} />
              {groups.map((report) => (
                <div key={report.by} class="card">
                  <UsageTable report={report} none={w.none} />
                </div>
              ))}
            </>
          )
        }
      </Loading>
    </>
  );
}
