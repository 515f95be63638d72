import { prose } from '../test/support/model/prose.ts';
import { type Behaviour, type Fallback, StubModel } from '../test/support/model/stub-model.ts';
import type { Subject } from './subjects.ts';

/**
 * Models that are good, or bad in one way each: they prove that the columns tell them apart, at no cost.
 *
 * - `weak`: writes prose where JSON belongs, then too little, until it is asked again; and is slow;
 * - `lying`: has years, directors, original titles and dates of birth wrong;
 * - `foreign`: writes in another language than it was asked for;
 * - `spoiling`: tells the ending;
 * - `repeating`: writes one sentence again and again, and the same in every tone.
 */
export const STUBS = ['good', 'weak', 'lying', 'foreign', 'spoiling', 'repeating'] as const;
export type StubName = (typeof STUBS)[number];

type Data = Parameters<Fallback>[3];

/** A call of one of them. */
interface Asked {
  schema: string;
  data: Data;
  /** How often it was asked for this subject. */
  made: number;
  /** What is true of it; `undefined`: it is not in the list. */
  truth: Subject | undefined;
}

const YEARS_OFF = 7;
const SLOW_MS = 40;
const REPEATED = 9;

const isFilm = (schema: string) => schema.startsWith('movie');
const textOf = (schema: string, text: string) => (isFilm(schema) ? { description: text } : { biography: text });
const localeOf = ({ locale = 'en-US' }: Data) => locale;
const nameOf = ({ title, name, slug }: Data) => title ?? name ?? slug;

/** Facts as they are. */
function factsIn({ schema, truth }: Asked): object {
  if (!truth) return {};
  const { directors, originalTitle, text, year, birthDate } = truth;
  if (schema === 'person') return { birth_year: year, birth_date: birthDate };
  if (schema !== 'movie') return {};
  return {
    release_year: year,
    ...(directors.length > 0 && { directors }),
    original_title: originalTitle === text ? null : originalTitle,
  };
}

function liesOf({ schema, truth }: Asked): object {
  const year = (truth?.year ?? 1990) + YEARS_OFF;
  if (schema === 'person') return { birth_year: year, birth_date: `${year}-01-01` };
  if (schema !== 'movie') return {};
  return { release_year: year, directors: ['Gundula Falschmann'], original_title: 'Something Else Entirely' };
}

/** How a story ends, in the languages that endings are looked for in. */
const ENDINGS: Record<string, string> = {
  en: 'It turns out that the tired detective is the killer, and in the end he dies alone.',
  pl: 'Okazuje się, że mordercą jest zmęczony detektyw, i pod koniec filmu ginie sam.',
  de: 'Am Ende stirbt der müde Ermittler, und es stellt sich heraus, dass er der Täter war.',
  fr: "Il s'avère que le détective fatigué est coupable, et à la fin il meurt seul.",
  es: 'Resulta que el detective cansado es culpable, y al final muere solo.',
};

const answer = (output: object, delayMs = 0): Behaviour => ({ kind: 'answer', output, delayMs });

const MODELS: Record<StubName, (asked: Asked) => Behaviour> = {
  good: (asked) => answer(factsIn(asked)),
  weak: (asked) => {
    const { made, schema } = asked;
    if (made % 2 === 0) return answer(factsIn(asked), SLOW_MS);
    if (made % 4 === 1)
      return { kind: 'content', content: 'It is a fine piece of work, and everybody should know it.' };
    return answer(
      { ...factsIn(asked), ...textOf(schema, 'A short text about a film that many people know.') },
      SLOW_MS,
    );
  },
  lying: (asked) => answer(liesOf(asked)),
  foreign: (asked) => {
    const { schema, data, made } = asked;
    const other = localeOf(data).startsWith('en') ? 'de-DE' : 'en-US';
    return answer({ ...factsIn(asked), ...textOf(schema, prose(other, `${nameOf(data)} ${made}`)) });
  },
  spoiling: (asked) => {
    const { schema, data, made } = asked;
    const locale = localeOf(data);
    const ending = ENDINGS[locale.slice(0, 2)] ?? '';
    const text = `${prose(locale, `${nameOf(data)} ${data.context_tag} ${made}`)} ${ending}`.trim();
    return answer({ ...factsIn(asked), ...textOf(schema, text) });
  },
  repeating: (asked) => {
    const { schema, data } = asked;
    const [sentence = ''] = prose(localeOf(data), nameOf(data)).split(/(?<=\.) /);
    const text = Array.from({ length: REPEATED }, () => sentence).join(' ');
    return answer({ ...factsIn(asked), ...textOf(schema, text) });
  },
};

const keyOf = (name: string, year: number | null | undefined) => `${name} ${year ?? ''}`;

/** Starts one on a port of this machine. The caller must stop it. @param subjects what it knows */
export async function startStub(name: StubName, subjects: Subject[]): Promise<StubModel> {
  const known = new Map<string, Subject>();
  for (const subject of subjects) {
    known.set(keyOf(subject.text, subject.year), subject);
    known.set(keyOf(subject.text, null), subject);
  }
  const model = await StubModel.start();
  model.keepCalls = false;
  model.otherwise((_subject, made, schema, data) => {
    if (schema === 'identity') return answer({});
    const truth = known.get(keyOf(nameOf(data), data.release_year ?? data.birth_year));
    return MODELS[name]({ schema, data, made, truth });
  });
  return model;
}

/** Settings of a run that asks it. */
export const stubSettings = (name: StubName, model: StubModel) => ({
  ...model.settings,
  AI_SERVICE: 'openai',
  OPENAI_MODEL: `stub-${name}`,
  MODEL_PRICES: `stub-${name}=0.40/1.60`,
});
