import { MOVIES } from '../movies/movies.kind.js';
import type { Row } from '../catalog/sought.js';
import type { Asked } from './asked.js';
import { judgeBy, outsideFacts, wantedBy } from './from-outside.js';
import { NOTHING, restingOnOutside } from './known.js';

const ASKED: Asked = {
  entity: 'MOVIE',
  locale: 'en-US',
  context_tag: 'DEFAULT',
  text: 'Heat',
  slug: 'heat',
  base: 'heat',
  year: null,
  director: null,
  externalIds: {},
  choose: false,
  refresh: false,
  facts: null,
};
const FACTS = {
  title: '<b>Heat</b>',
  original_title: null,
  other_titles: ['N/A', 'Gorączka'],
  title_localized: null,
  release_year: 1995,
  directors: ['Michael Mann', 'Various'],
  genres: ['crime' as const],
  cast: [{ name: 'Al Pacino (uncredited)', role: 'ACTOR' as const, character_name: 'Vincent Hanna' }],
};
const FOUND = { is: 'found' as const, facts: FACTS, externalIds: { tmdb: 949 }, namesakes: [], rivals: [] };
const row = (more: Partial<Row>) => ({ namesakes: [], imdb_id: null, tmdb_id: null, ...more }) as unknown as Row;

const readFacts = (...all: Parameters<typeof outsideFacts>) => outsideFacts(...all)!;

describe('what a provider tells', () => {
  it('is read as an answer of the model is: cleaned, without placeholders', () => {
    expect(readFacts(MOVIES, ASKED, FOUND, null)).toMatchObject({
      told: { name: { text: 'Heat' }, year: 1995, genres: ['crime'] },
      facts: {
        title: 'Heat',
        release_year: 1995,
        director: 'Michael Mann',
        people: { DIRECTOR: ['Michael Mann'], ACTOR: ['Al Pacino: Vincent Hanna'] },
      },
      names: ['Heat', 'Gorączka'],
    });
  });

  it('is nothing where no letter of a title is left', () => {
    expect(outsideFacts(MOVIES, ASKED, { ...FOUND, facts: { ...FACTS, title: '\u200b' } }, null)).toBeNull();
  });

  it('leaves the namesakes that a model told, unless it has one of that year itself', () => {
    const namesakes = [1972, 1987, 1996].map((year) => ({ text: 'Heat', year }));
    const found = { ...FOUND, namesakes: [{ text: 'Heat', year: 1986 }] };
    const { told } = readFacts(MOVIES, ASKED, found, row({ namesakes }));
    expect(told.namesakes.map(({ year }) => year)).toEqual([1986, 1972]);
  });

  it('gives way in a prompt to what somebody corrected, field by field', () => {
    const facts = {
      title: 'Heat',
      release_year: 1994,
      director: 'Right Person',
      people: { DIRECTOR: ['Right Person'] },
    };
    const held = { ...NOTHING, facts, edited: ['directors', 'year'] };
    const asked = { ...ASKED, year: 1994 };
    const common = { asked, row: null, several: [] };
    const outside = readFacts(MOVIES, asked, FOUND, null);
    const {
      question,
      directors,
      asked: meant,
    } = restingOnOutside(outside, {
      common,
      held,
      about: {
        version: 'v1',
        kind: MOVIES,
        asked,
        texts: [],
      },
    });
    expect(question.ask.data.facts).toMatchObject({ ...facts, genres: ['crime'] });
    expect([directors, meant.year]).toEqual([['Right Person'], 1994]);
  });

  it('is wanted of the very film that is known, and judged by the year and the director that were asked for', () => {
    const asked = { ...ASKED, year: 1995, director: 'Michael Mann' };
    expect(wantedBy(asked, row({ tmdb_id: 949 }))).toMatchObject({ externalIds: { tmdb: 949 }, isOpen: false });
    expect(wantedBy(ASKED, null)).toMatchObject({ words: 'Heat', isOpen: true });
    const { fit, isCalled, isBy } = judgeBy(asked);
    expect([1994, 1997, null].map((year) => fit(['Heat'], year))).toEqual(['same', 'other', 'unclear']);
    expect([isCalled(['Heat']), isCalled(['The Heat', 'Gorączka'])]).toEqual([true, false]);
    expect([['Michael Mann'], ['Dick Richards'], []].map(isBy)).toEqual([true, false, false]);
  });
});
