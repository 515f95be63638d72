import { useEffect, useRef, useState } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clock, compact, date, decimal } from '../words/numbers.ts';
import { language, words } from '../words/words.ts';
import './plot.css';
import { Table } from './table.tsx';

/** A colour of the styles, without its `--`. */
type Colour = 'brand' | 'bad' | 'good' | 'edge';

export interface Series {
  label: string;
  /** One for each time; `null`: not known. */
  values: readonly (number | null)[];
  colour: Colour;
  /** Tells lines apart where colours do not. */
  dash?: keyof typeof DASHES;
}

interface PlotProps {
  title: string;
  /** What the picture shows, in a sentence or two. */
  summary: string;
  /** Seconds since 1970, ascending. */
  times: readonly number[];
  series: readonly Series[];
  /** Bars stand for whole days, lines for moments. */
  bars?: boolean;
  /** Of a number in the table. The axis has short ones. */
  format?: (value: number) => string;
}

const HEIGHT = 220;
const DASHES = { dashes: [6, 5], dots: [2, 4] };
const DAY_S = 86_400;
const HALF_DAY_S = DAY_S / 2;

/** A plot with what it shows in words, and a table with its numbers. The colours follow the theme. */
export function Plot({ title, summary, times, series, bars = false, format = decimal }: PlotProps) {
  const { plot: w } = words.value;
  const area = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const shape = JSON.stringify([bars, series.map(({ colour, dash }) => [colour, dash]), language.value]);
  const data = [times, ...series.map(({ values }) => values)] as UPlot.AlignedData;
  const newest = useRef(data);
  newest.current = data;
  useEffect(() => {
    const own = draw(area.current!, { series, bars, data });
    chart.current = own.chart;
    return own.end;
  }, [shape]);
  useEffect(() => chart.current?.setData(newest.current), [JSON.stringify(data), shape]);
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const [isOpen, setOpen] = useState(false);
  const rows = times.map((time, place) => ({ time, values: series.map(({ values }) => values[place]) }));
  return (
    <figure class="plot">
      <figcaption>
        <strong>{title}</strong> {summary}
      </figcaption>
      <div class="area" ref={area} role="img" aria-label={`${title}: ${summary}`} />
      <ul class="legend">
        {series.map(({ label, colour, dash }) => (
          <li key={label}>
            <Sample colour={colour} dash={dash} />
            {label}
          </li>
        ))}
      </ul>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{w.asTable}</summary>
        {isOpen && (
          <Table
            caption={title}
            hideCaption
            rows={rows.toReversed()}
            keyOf={({ time }) => String(time)}
            columns={[
              { head: w.time, cell: ({ time }) => moment(time, bars, span) },
              ...series.map(({ label }, place) => ({
                head: label,
                isNumber: true,
                cell: ({ values }: (typeof rows)[number]) => {
                  const value = values[place];
                  return value === null || value === undefined ? '–' : format(value);
                },
              })),
            ]}
          />
        )}
      </details>
    </figure>
  );
}

function Sample({ colour, dash }: Pick<Series, 'colour' | 'dash'>) {
  const stroke = {
    stroke: `var(--${colour})`,
    strokeWidth: 3,
    strokeDasharray: dash ? DASHES[dash].join(' ') : 'none',
  };
  return (
    <svg viewBox="0 0 26 10" aria-hidden="true">
      <path d="M0 5h26" style={stroke} />
    </svg>
  );
}

function moment(time: number, isDay: boolean, span: number): string {
  const iso = new Date(time * 1000).toISOString();
  if (isDay) return date(iso);
  return span > DAY_S ? `${date(iso)}, ${clock(iso)}` : clock(iso);
}

interface Drawn {
  series: readonly Series[];
  bars: boolean;
  data: UPlot.AlignedData;
}

function draw(area: HTMLElement, { series, bars, data }: Drawn): { chart: UPlot; end: () => void } {
  // The variable names a colour for each theme; that of an element is the one which holds, as a canvas needs it.
  const colour = (name: string) => () => {
    area.style.color = `var(--${name})`;
    return getComputedStyle(area).color;
  };
  const axis = { stroke: colour('soft'), grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } };
  const chart = new UPlot(
    {
      width: area.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { range: (_, from, to) => (bars ? [from - HALF_DAY_S, to + HALF_DAY_S] : [from, to]) },
        y: { range: (_, __, most) => [0, Math.max(1e-6, most || 1) * 1.08] },
      },
      series: [{}, ...series.map((one) => seriesOf(one, bars, colour))],
      axes: [
        {
          ...axis,
          space: 90,
          size: 34,
          values: (_, splits) => {
            const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
            return splits.map((time) => tick(time, bars || span >= 2 * DAY_S));
          },
        },
        { ...axis, size: 52, values: (_, splits) => splits.map(compact) },
      ],
    },
    data,
    area,
  );
  const fit = new ResizeObserver(() => chart.setSize({ width: area.clientWidth, height: HEIGHT }));
  fit.observe(area);
  const end = onTheme(() => chart.redraw(false, true));
  return { chart, end: () => (fit.disconnect(), end(), chart.destroy()) };
}

const seriesOf = (one: Series, bars: boolean, colour: (name: string) => () => string): UPlot.Series => ({
  stroke: colour(one.colour),
  width: bars ? 0 : 2,
  points: { show: false },
  ...(bars && { fill: colour(one.colour), paths: UPlot.paths.bars!({ size: [0.7, 60] }) }),
  ...(one.dash && !bars && { dash: DASHES[one.dash] }),
});

const tick = (time: number, isDay: boolean) => {
  const at = new Date(time * 1000);
  if (!isDay) return clock(at.toISOString());
  return new Intl.DateTimeFormat(language.value, { day: 'numeric', month: 'short' }).format(at);
};

/** Calls `changed` when the page gets other colours. @returns a function that ends it */
function onTheme(changed: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(changed);
  system.addEventListener('change', changed);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => (system.removeEventListener('change', changed), chosen.disconnect());
}
