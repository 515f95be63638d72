import { COLUMNS } from './columns.ts';
import { barsPlot, escaped, histogram, sharesPlot } from './plots.ts';
import type { CaseRecord, TextRecord } from './records.ts';
import { money, shown, shownInterval } from './shown.ts';
import type { Results } from './store.ts';
import { gatesHit, inTone, type Summed, summaryOf, textsOf } from './summary.ts';

/** Texts that are shown of those that are unfit, and of those that are fit. */
const MOST_UNFIT = 60;
const MOST_FIT = 12;
/** Below this number of texts a histogram says nothing. */
const LEAST_SPREAD = 5;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:880px;margin:2rem auto;padding:0 1rem;color:#111827}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border-bottom:1px solid #e5e7eb;padding:.3rem .6rem;
text-align:left;vertical-align:top}td.number{text-align:right;white-space:nowrap}svg{width:100%;height:auto;margin:1rem 0}
article{border-left:4px solid #d1d5db;padding:.1rem 1rem;margin:1rem 0}article.unfit{border-color:#dc2626}
.text{white-space:pre-wrap}.note{color:#6b7280}`;

/** Nothing is loaded, and no script runs, whatever a model wrote. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The results as one page that needs nothing else. */
export function reportOf(results: Results): string {
  const { run, cases, spent } = results;
  const title = `${run.model}: ${run.locales.join(', ')}, ${run.tones.join(', ')}`;
  const tokens = `${(spent.input_tokens + spent.output_tokens).toLocaleString('en-US')} tokens`;
  const texts = textsOf(cases);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    `<p class="note">${cases.length} of ${run.sample * run.locales.length} films and people, ${texts.length} texts; ` +
      `${spent.calls} calls, ${tokens}, cost ${escaped(money(spent.cost))}. ` +
      `Seed ${run.seed}, prompts ${escaped(run.prompt)} (${escaped(run.prompts)})${run.blind ? ', asked for without years' : ''}.</p>`,
    sharesPlot('Parts of the texts, and where they may lie (95 %)', summaryOf(cases)),
    ...(run.tones.length > 1 ? run.tones : []).map((tone) => ofTone(cases, tone)),
    amountsTable(summaryOf(cases)),
    ...spreads(texts),
    ...gates(cases),
    ...articles(cases),
    '</body></html>',
    '',
  ].join('\n');
}

const ofTone = (cases: CaseRecord[], tone: string) => sharesPlot(`In the tone ${tone}`, summaryOf(inTone(cases, tone)));

function amountsTable(summary: Summed[]): string {
  const rows = summary.flatMap(({ name, mean, median, interval, count }) => {
    const column = COLUMNS.find((one) => one.name === name)!;
    if (column.form !== 'amount') return [];
    const cells = [shown(mean, column), shownInterval(interval, column), shown(median, column), String(count)];
    const numbers = cells.map((text) => `<td class="number">${escaped(text)}</td>`).join('');
    return [`<tr><td>${escaped(column.title)}</td>${numbers}</tr>`];
  });
  const head = ['a text', 'mean', '95 %', 'median', 'of'].map((text) => `<th>${text}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function spreads(texts: TextRecord[]): string[] {
  const words = texts.map((text) => text.words).filter((value) => value !== null);
  const times = texts.map(({ duration_ms }) => duration_ms);
  return [
    ...(words.length < LEAST_SPREAD ? [] : [histogram('Words of the first texts', words)]),
    ...(times.length < LEAST_SPREAD ? [] : [histogram('Milliseconds that the calls for a text took', times)]),
  ];
}

function gates(cases: CaseRecord[]): string[] {
  const hit = gatesHit(cases);
  return hit.length === 0 ? [] : [barsPlot('Gates that first texts met', hit)];
}

/** What failed first: that is what somebody opens the page for. */
function articles(cases: CaseRecord[]): string[] {
  const all = cases.flatMap((one) => one.texts.map((text) => ({ one, text })));
  const unfit = all.filter(({ text }) => text.outcome !== 'DONE');
  const fit = all.filter(({ text }) => text.outcome === 'DONE');
  const part = (title: string, some: typeof all, most: number) =>
    some.length === 0
      ? []
      : [`<h2>${title} (${some.length})</h2>`, ...some.slice(0, most).map(({ one, text }) => article(one, text))];
  return [...part('Not fit', unfit, MOST_UNFIT), ...part('Fit', fit, MOST_FIT)];
}

function article({ subject, year, locale }: CaseRecord, text: TextRecord): string {
  const found = wrongIn(text);
  const head = `${subject}, ${year} · ${locale} · ${text.tone}`;
  const lines = [
    `<h3>${escaped(head)}</h3>`,
    text.message === null ? '' : `<p><strong>${escaped(`${text.outcome}: ${text.message}`)}</strong></p>`,
    found.length === 0 ? '' : `<p class="note">${escaped(found.join(', '))}</p>`,
    text.text === null ? '' : `<p class="text" lang="${escaped(locale)}">${escaped(text.text)}</p>`,
  ];
  const kind = text.outcome === 'DONE' ? '' : ' class="unfit"';
  return `<article${kind}>${lines.filter(Boolean).join('\n')}</article>`;
}

/** In words, what of it is not as it should be. */
function wrongIn(text: TextRecord): string[] {
  const wrong = COLUMNS.filter(({ form, better, of }) => form === 'share' && better === 'more' && of(text) === 0);
  const hits = text.hits.map((gate) => `gate ${gate}`);
  return [...wrong.map(({ title }) => `not: ${title}`), ...hits, ...(text.repaired ? ['repaired'] : [])];
}
