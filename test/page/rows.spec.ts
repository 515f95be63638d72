import { readFileSync } from 'node:fs';
import { type Row, textOf, understood } from '../../web/src/ask/rows.ts';

const shown = ({ text, year, fault }: Row) => [text, year, fault];

describe('a list that is pasted', () => {
  it('has a title a line, with its year in brackets or after a delimiter', () => {
    const lines = ['Alien (1979)', '', '  Solaris;1972 ', 'Stalker\t1979', '"Heat", 1995', 'Blade Runner 2049', '1917'];
    const { rows, kind } = understood(lines.join('\r\n'), 'movie');
    expect(rows.map(shown)).toEqual([
      ['Alien', 1979, null],
      ['Solaris', 1972, null],
      ['Stalker', 1979, null],
      ['Heat', 1995, null],
      ['Blade Runner 2049', null, null],
      ['1917', null, null],
    ]);
    expect([kind, rows[1]!.row, rows[1]!.item]).toEqual(['movie', 3, { title: 'Solaris', release_year: 1972 }]);
  });

  it('is of people where the visitor says so', () => {
    const { rows } = understood('黒澤明 (1910)', 'person');
    expect(rows[0]!.item).toEqual({ name: '黒澤明', birth_year: 1910 });
  });
});

describe('a CSV file', () => {
  it('has columns that the command line knows, too, under any spelling of theirs', () => {
    const text =
      '\uFEFFTitle;Release Year;Directors;Const;TMDB ID;locale;metadata.shelf\n' +
      'Alien;1979-05-25;"Ridley Scott, Someone";tt0078748;348.0;pl-PL;A 3\n';
    const { rows, ownLocales, ownTones } = understood(text, 'person');
    expect([ownLocales, ownTones, rows[0]!.item]).toEqual([
      true,
      false,
      {
        title: 'Alien',
        release_year: 1979,
        director: 'Ridley Scott',
        external_ids: { imdb: 'tt0078748', tmdb: 348 },
        locale: 'pl-PL',
        metadata: { shelf: 'A 3' },
      },
    ]);
  });

  it('says of each row that cannot be used why', () => {
    const text = 'title,year\nAlien,1979\n,1980\nHeat,soon\nRun, Lola, Run,1998\n"Ma, ma",\nNone,\\N\n';
    expect(understood(text, 'movie').rows.map(({ text: title, fault }) => [title, fault])).toEqual([
      ['Alien', null],
      ['', 'noText'],
      ['Heat', 'noYear'],
      ['Run', 'broken'],
      ['Ma, ma', null],
      ['None', null],
    ]);
  });

  it('leaves out what IMDb says is no film', () => {
    const { rows, skipped } = understood('Const,Title,Title Type\ntt1,Alien,Movie\ntt2,Dark,TV Series\n', 'movie');
    expect([rows.map(({ text }) => text), skipped]).toEqual([['Alien'], 1]);
  });

  it.each([
    ['examples/films.csv', 'movie', 250],
    ['examples/people.csv', 'person', 100],
  ])('%s is understood whole', (file, kind, many) => {
    const bytes = readFileSync(file);
    const read = understood(textOf(new Uint8Array(bytes).buffer), 'movie');
    expect([read.kind, read.rows.length, read.rows.filter(({ fault }) => fault)]).toEqual([kind, many, []]);
  });

  it('may be UTF-16, and is refused when it is neither', () => {
    const utf16 = Buffer.from('\uFEFFtitle\nAmélie\n', 'utf16le');
    expect(understood(textOf(new Uint8Array(utf16).buffer), 'movie').rows.map(({ text }) => text)).toEqual(['Amélie']);
    expect(() => textOf(new Uint8Array(Buffer.from('Amélie', 'latin1')).buffer)).toThrow(RangeError);
  });
});
