import type { Answered } from './kind.js';
import { isOfAnother, withOwnNames } from './own-names.js';

describe('a further title', () => {
  it.each<[string, string[]]>([
    ['Kill Bill: Vol. 2', ['Kill Bill: Vol. 1']],
    ['The Matrix Revolutions', ['The Matrix Reloaded']],
    ['The Matrix Revolutions', ['Matrix Reaktywacja', 'The Matrix Reloaded']],
    ['The Godfather', ['The Godfather Part II']],
    ['Aliens', ['Alien', 'Obcy – ósmy pasażer Nostromo']],
    ['Rocky III', ['Rocky IV']],
  ])('%s is another film’s than that of %s', (title, known) => {
    expect(isOfAnother('MOVIE', known, title)).toBe(true);
  });

  it.each<[string, string[]]>([
    ['Skazani na Shawshank', ['The Shawshank Redemption']],
    ['Matrix Reaktywacja', ['The Matrix Reloaded']],
    ['Kill Bill', ['Kill Bill: Vol. 1']],
    ['Kill Bill – Volume 1', ['Kill Bill: Vol. 1']],
    ['Gwiezdne wojny: część IV – Nowa nadzieja', ['Star Wars', 'Star Wars: Episode IV – A New Hope']],
    ['Rambo IV', ['Rambo', 'Rambo 4']],
    ['Rambo II', ['Rambo: First Blood Part II']],
    ['Stirb langsam 4.0', ['Live Free or Die Hard']],
    ['Terminator 2 – Tag der Abrechnung', ['Terminator 2: Judgment Day']],
    ['Aliens – Die Rückkehr', ['Aliens']],
    ['Otto e mezzo', ['8½']],
  ])('%s may be one of %s', (title, known) => {
    expect(isOfAnother('MOVIE', known, title)).toBe(false);
  });

  it('may be that of a relative', () => {
    const names = ['Robert Downey Sr.', 'Robert John Downey Jr.', 'Bob Downey'];
    expect(names.map((name) => isOfAnother('PERSON', ['Robert Downey Jr.'], name))).toEqual([true, false, false]);
  });

  it('is left out of an answer whose own title it contradicts, and all others stay', () => {
    const others = ['Kill Bill', 'Kill Bill: Vol. 2', 'Kill Bill – Volume 1'];
    const answered = { text: 'Kill Bill: Vol. 1', original: null, others } as unknown as Answered;
    expect(withOwnNames('MOVIE', answered).others).toEqual(['Kill Bill', 'Kill Bill – Volume 1']);
  });
});
