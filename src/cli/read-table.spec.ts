import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTable } from './read-table.js';

describe('a table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-table-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (content: string | Buffer) => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, content);
    return readTable(path);
  };
  const cells = (content: string | Buffer) =>
    read(content).lines.map((line) => ('cells' in line ? [line.line, ...line.cells] : [line.line, line.problem]));

  it.each([
    ['commas', 'title,year\n"Comma, The",1\n'],
    ['semicolons', 'title;year\n"Comma, The";1\n'],
    ['tabs', 'title\tyear\nComma, The\t1\n'],
    ['what Excel says', 'sep=|\ntitle|year\nComma, The|1\n'],
  ])('is read with %s', (_, content) => {
    expect(cells(content).map((line) => line.slice(1))).toEqual([['Comma, The', '1']]);
  });

  it.each(['utf8', 'utf16le'] as const)('is read in %s, with a mark and without', (encoding) => {
    for (const mark of ['\ufeff', '']) {
      const { header, lines } = read(Buffer.from(`${mark}title,year\r\n千と千尋,2001\r\n`, encoding));
      expect([header, lines]).toEqual([['title', 'year'], [{ line: 2, cells: ['千と千尋', '2001'] }]]);
    }
  });

  it('is read in UTF-16 with its bytes the other way round', () => {
    expect(cells(Buffer.from('\ufefftitle\nAmélie\n', 'utf16le').swap16())).toEqual([[2, 'Amélie']]);
  });

  it('keeps quotes within a text, and goes on after a line that has them wrong', () => {
    const wrong = ['title,year', 'The 12" Film,1', '"A ""B"" C",2', '"A "B" C",3', '"Open,4', 'Last,5'];
    expect(cells(wrong.join('\n'))).toEqual([
      [2, 'The 12" Film', '1'],
      [3, 'A "B" C', '2'],
      [4, expect.stringMatching(/a quote within/)],
      [5, expect.stringMatching(/not closed/)],
      [6, 'Last', '5'],
    ]);
  });

  it('begins below what Letterboxd says of a list', () => {
    const list =
      'Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,"Best, of all",,https://boxd.it/x,\n\n';
    const { header, lines } = read(`${list}Position,Name,Year,URL,Description\n1,Heat,1995,https://boxd.it/y,\n`);
    expect(header).toEqual(['Position', 'Name', 'Year', 'Letterboxd URI', 'Description']);
    expect(lines).toEqual([{ line: 6, cells: ['1', 'Heat', '1995', 'https://boxd.it/y', ''] }]);
  });

  it('counts the lines as an editor does, whatever ends them', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = ['title,year', '', '"Over', 'two lines",1', ',', 'After,2', 'Short', 'Long,3,x', 'Fine,4,,'];
      expect(cells(lines.join(end))).toEqual([
        [3, 'Over\ntwo lines', '1'],
        [6, 'After', '2'],
        [7, expect.stringMatching(/has 1 column, the header 2: an empty one needs its delimiter/)],
        [8, expect.stringMatching(/has 3 columns/)],
        [9, 'Fine', '4', '', ''],
      ]);
    }
  });

  it.each([
    ['Latin-1', Buffer.from('title\nHeat\nAmélie\n', 'latin1'), /see line 3 \(Amélie\): save it as UTF-8/],
    ['a workbook', Buffer.from('PK\u0003\u0004'), /is a workbook or an archive: save it as CSV/],
    ['UTF-32', Buffer.from('fffe0000480000000a000000', 'hex'), /is UTF-32: save it as UTF-8/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8]), /is compressed: gunzip it/],
    ['nothing', '', /is empty/],
    ['blank lines', '\n \n', /is empty/],
    ['a header alone', 'title,year\n', /has no lines after its header/],
  ])('is refused with what to do: %s', (_, content, message) => {
    expect(() => read(content)).toThrow(message);
  });

  it('that is not there is refused', () => {
    expect(() => readTable(join(folder, 'none.csv'))).toThrow(/there is no such file/);
    expect(() => readTable(folder)).toThrow(/it is a folder/);
  });
});
