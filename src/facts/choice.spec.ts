import { type Candidate, choiceAmong, namesakesOf } from './choice.js';

const film = (id: number, year: number | null, weight = 1000): Candidate => ({ id, names: ['Heat'], year, weight });
const open = { year: null, isOpen: true, overshadows: 100 };
const of = (year: number) => ({ ...open, year, isOpen: false });

describe('the choice among those that fit', () => {
  it('is none of none, and the only one of one', () => {
    expect(choiceAmong([], open)).toEqual({ is: 'none' });
    expect(choiceAmong([film(1, null)], open)).toEqual({ is: 'one', one: film(1, null) });
  });

  it('guesses nothing by a name alone: all that can be asked for by a year, the best known one first', () => {
    const [small, great, third] = [film(1, 1986, 500), film(2, 1995, 7000), film(3, 1972, 400)];
    expect(choiceAmong([small, great, third], open)).toEqual({ is: 'several', several: [great, small, third] });
  });

  it('takes what is far better known than the rest', () => {
    const [short, great] = [film(1, 2012, 3), film(2, 2010, 35_000)];
    expect(choiceAmong([short, great], open)).toEqual({ is: 'one', one: great });
    expect(choiceAmong([film(1, 2012, 0), film(2, 2010, 0)], open).is).toBe('several');
  });

  it('decides nothing where no year tells those apart that are as well known', () => {
    expect(choiceAmong([film(1, 1999), film(2, 1999)], open)).toEqual({ is: 'undecided' });
    expect(choiceAmong([film(1, 1999), film(2, 2000)], open)).toEqual({ is: 'undecided' });
    expect(choiceAmong([film(1, 1999), film(2, null)], open)).toEqual({ is: 'undecided' });
    expect(choiceAmong([film(1, null), film(2, 1999)], open)).toEqual({ is: 'undecided' });
    expect(choiceAmong([film(1, 1999), film(2, 1999)], of(1999))).toEqual({ is: 'undecided' });
  });

  it('prefers the year that was asked for to one beside it, however well known', () => {
    const [asked, beside] = [film(1, 1999, 10), film(2, 2000, 90_000)];
    expect(choiceAmong([beside, asked], of(1999))).toEqual({ is: 'one', one: asked });
    expect(choiceAmong([beside], of(1999))).toEqual({ is: 'one', one: beside });
  });

  it('leaves namesakes: of other years, each once, and none that hardly anybody knows', () => {
    const one = film(1, 1986, 300);
    const [great, again, short, undated] = [film(2, 1995, 7000), film(3, 1995, 90), film(4, 2012, 2), film(5, null)];
    expect(namesakesOf(one, [one, again, great, short, undated], 100)).toEqual([great]);
    expect(namesakesOf(great, [one, again, great, short], 100)).toEqual([one]);
  });

  it('is the same in whatever order they come', () => {
    const all = [film(1, 1999, 1), film(2, 1999, 900), film(3, 2000, 5)];
    expect(choiceAmong(all.toReversed(), of(1999))).toMatchObject({ is: 'one', one: { id: 2 } });
    expect(choiceAmong(all, of(1999))).toMatchObject({ is: 'one', one: { id: 2 } });
  });
});
