import type { TextRecord } from './records.ts';

/** What is told of a run, and of what two runs are compared by. */
export interface Column {
  name: string;
  title: string;
  /** The part of the texts of which it holds; a part of each text, 0 to 1; or an amount of each. */
  form: 'share' | 'part' | 'amount';
  unit: '' | 'tokens' | 'ms' | 'money' | 'words';
  /** What is better; `null`: neither. */
  better: 'more' | 'less' | null;
  /** Of one text; `null`: it could not be judged. */
  of: (text: TextRecord) => number | null;
}

const flag = (value: boolean | null) => (value === null ? null : Number(value));

const share = (name: string, title: string, better: Column['better'], of: Column['of']): Column => ({
  name,
  title,
  form: 'share',
  unit: '',
  better,
  of,
});

const amount = (name: string, title: string, more: Pick<Column, 'unit' | 'better' | 'of'>): Column => ({
  name,
  title,
  form: 'amount',
  ...more,
});

const similarityOf = ({ similarity }: TextRecord) => similarity;

export const COLUMNS: readonly Column[] = [
  share('done', 'ends with a text', 'more', ({ outcome }) => Number(outcome === 'DONE')),
  share('schema', 'fits the schema', 'more', ({ schema }) => flag(schema)),
  share('identity', 'about what was asked for', 'more', ({ identity }) => flag(identity)),
  share('year', 'year right', 'more', ({ year }) => flag(year)),
  share('director', 'director right', 'more', ({ director }) => flag(director)),
  share('original_title', 'original title right', 'more', ({ original_title }) => flag(original_title)),
  share('birth_date', 'birth date right', 'more', ({ birth_date }) => flag(birth_date)),
  share('language', 'language right', 'more', ({ language }) => flag(language)),
  share('length', 'length as asked for', 'more', ({ length }) => flag(length)),
  share('ending_untold', 'ending not told', 'more', ({ ending_untold }) => flag(ending_untold)),
  share('clean', 'passes every gate at first', 'more', ({ words, hits }) =>
    words === null ? null : Number(hits.length === 0),
  ),
  share('repairs', 'needs a repair', 'less', ({ repaired }) => Number(repaired)),
  { name: 'similarity', title: 'similarity between tones', form: 'part', unit: '', better: 'less', of: similarityOf },
  amount('hits', 'gates hit', {
    unit: '',
    better: 'less',
    of: ({ words, hits }) => (words === null ? null : hits.length),
  }),
  amount('words', 'words', { unit: 'words', better: null, of: ({ words }) => words }),
  amount('calls', 'calls', { unit: '', better: 'less', of: ({ calls }) => calls }),
  amount('input_tokens', 'tokens read', { unit: 'tokens', better: 'less', of: (text) => text.input_tokens }),
  amount('output_tokens', 'tokens written', { unit: 'tokens', better: 'less', of: (text) => text.output_tokens }),
  amount('cost', 'cost', { unit: 'money', better: 'less', of: ({ cost }) => cost }),
  amount('latency', 'time of its calls', { unit: 'ms', better: 'less', of: (text) => text.duration_ms }),
];
