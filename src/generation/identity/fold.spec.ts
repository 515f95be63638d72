import { baseOf } from '../../domain/slug.js';
import { foldedKeys } from './fold.js';

const shareKey = (one: string, other: string, entity: 'MOVIE' | 'PERSON') =>
  foldedKeys(one, entity).some((key) => foldedKeys(other, entity).includes(key));

describe('two titles are written alike', () => {
  it.each([
    ['case', 'RRR', 'rrr'],
    ['accents', 'Amélie', 'Amelie'],
    ['umlauts as two letters', 'Häxan', 'Haexan'],
    ['punctuation', 'M*A*S*H', 'MASH'],
    ['apostrophes', "Singin' in the Rain", 'Singin’ in the Rain'],
    ['spaces', 'Play Time', 'PlayTime'],
    ['"and"', 'Fast & Furious', 'Fast and Furious'],
    ['"+" between words', 'Romeo + Juliet', 'Romeo and Juliet'],
    ['Polish "and"', 'Pan i Pani', 'Pan & Pani'],
    ['German "and"', 'Liebe und Tod', 'Liebe & Tod'],
    ['French "and"', 'La Belle et la Bête', 'La Belle & la Bête'],
    ['Spanish "and"', 'Amor y Muerte', 'Amor & Muerte'],
    ['"Part"', 'The Godfather Part 2', 'The Godfather 2'],
    ['"Vol."', 'Kill Bill: Vol. 1', 'Kill Bill 1'],
    ['"Chapter"', 'John Wick: Chapter 2', 'John Wick 2'],
    ['"Part" in other languages', 'Diuna: Część druga', 'Diuna 2'],
    ['a number before "part"', 'Le Parrain, 2e partie', 'Le Parrain 2'],
    ['Roman numerals', 'Rocky IV', 'Rocky 4'],
    ['a Roman numeral of one letter', 'Rocky V', 'Rocky 5'],
    ['a Roman numeral before a subtitle', 'Highlander II: The Quickening', 'Highlander 2: The Quickening'],
    ['½', '8½', '8 1/2'],
    ['raised numbers', 'Alien³', 'Alien 3'],
    ['a number without space', 'Alien3', 'Alien 3'],
    ['a number with a nought after it', 'Die Hard 4.0', 'Die Hard 4'],
    ['number words', "Ocean's Eleven", "Ocean's 11"],
    ['number words in a row', 'Nineteen Eighty-Four', '1984'],
    ['hundreds', 'One Hundred and One Dalmatians', '101 Dalmatians'],
    ['thousands', 'Twenty Thousand Leagues Under the Sea', '20,000 Leagues Under the Sea'],
    ['an article that comes last', 'Godfather, The', 'The Godfather'],
    ['short forms', 'Dr. Strangelove', 'Doctor Strangelove'],
    ['"v"', 'Batman v Superman', 'Batman vs. Superman'],
  ])('but for %s', (_, one, other) => {
    expect(shareKey(one, other, 'MOVIE')).toBe(true);
    expect(shareKey(one, baseOf(other), 'MOVIE')).toBe(true);
  });

  it.each([
    ['accents of other scripts', 'Потёмкин', 'Потемкин'],
    ['final letters', 'Κυνόδοντας', 'ΚΥΝΟΔΟΝΤΑΣ'],
    ['Persian and Arabic letters', 'طعم گیلاس', 'طعم گيلاس'],
    ['digits of other scripts', 'शोले २', 'शोले 2'],
  ])('but for %s', (_, one, other) => {
    expect(shareKey(one, other, 'MOVIE')).toBe(true);
    expect(shareKey(one, baseOf(one), 'MOVIE')).toBe(true);
  });

  it.each([
    ['Alien', 'Aliens'],
    ['Rocky II', 'Rocky III'],
    ['Kill Bill: Vol. 1', 'Kill Bill: Vol. 2'],
    ['Heat', 'The Heat'],
    ['Man Bites Dog', 'Dog Bites Man'],
    ['かき', 'がき'],
    ['Y tu mamá también', 'Tu mamá también'],
    ['I, Robot', 'Robot'],
    ['?', '!'],
  ])('and these two are not: %s, %s', (one, other) => {
    expect(shareKey(one, other, 'MOVIE')).toBe(false);
  });

  it('and the first key is the main one, of the title itself', () => {
    expect(foldedKeys('The Godfather: Part II')).toEqual(['thegodfather2']);
    expect(foldedKeys('Häxan')).toEqual(['haxan', 'haexan']);
    expect(foldedKeys('千と千尋の神隠し')[0]).toBe('千と千尋の神隠し');
    expect(foldedKeys('?')[0]).toBe('?');
  });
});

describe('two names are written alike', () => {
  it.each([
    ['order', 'Miyazaki Hayao', 'Hayao Miyazaki'],
    ['a comma', 'Ozu, Yasujirō', 'Yasujiro Ozu'],
    ['hyphens', 'Bong Joon-ho', 'Joon Ho Bong'],
    ['initials', 'JJ Abrams', 'J. J. Abrams'],
    ['spaces', 'Robert DeNiro', 'Robert De Niro'],
    ['a title', 'Sir Alfred Hitchcock', 'Alfred Hitchcock'],
    ['"Junior" as a word', 'Robert Downey Junior', 'Robert Downey Jr.'],
    ['where "Jr." stands', 'Downey Jr., Robert', 'Robert Downey Jr.'],
    ['"père" and "Sr."', 'Alexandre Dumas père', 'Alexandre Dumas Sr.'],
    ['a nickname', 'Dwayne "The Rock" Johnson', 'Dwayne Johnson'],
    ['a nickname for the first name', 'Robert "Bob" De Niro', 'Bob De Niro'],
  ])('but for %s', (_, one, other) => {
    expect(shareKey(one, other, 'PERSON')).toBe(true);
    expect(shareKey(one, baseOf(other), 'PERSON')).toBe(true);
  });

  it.each([
    ['Robert Downey Jr.', 'Robert Downey Sr.'],
    ['Robert Downey Jr.', 'Robert Downey'],
    ['Michael Jordan', 'Michael B. Jordan'],
    ['Malcolm X', 'Malcolm 10'],
  ])('and these two are not: %s, %s', (one, other) => {
    expect(shareKey(one, other, 'PERSON')).toBe(false);
  });
});
