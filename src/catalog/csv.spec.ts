import { parse } from 'csv-parse/sync';
import { csvRow, textOfCell } from './csv.js';

describe('a row of CSV', () => {
  it.each([
    'Heat',
    '=1+1',
    '+1',
    '-',
    '@home',
    "'=SUM(A1)",
    "''-",
    "'71",
    'a,b',
    'a "quoted" word',
    'two\nlines\n\nand more',
    ' spaces ',
    '千と千尋の神隠し',
    '\tindented',
    '＝1+1',
    "'＠home",
    '\n=1',
  ])('gives back what went in: %j', (text) => {
    const [cells] = parse(csvRow([text, 7, null]));
    expect(cells!.map(textOfCell)).toEqual([text, '7', '']);
  });

  it.each(['=cmd()', '+1', '-1', '@x', "'=x", '＝1', '＋1', '－1', '＠SUM(1)', '\n=1'])(
    'begins no formula: %s',
    (text) => {
      expect(csvRow([text])).toMatch(/^"?'/);
    },
  );

  it('ends as RFC 4180 wants it', () => {
    expect(csvRow(['a', null, 1])).toBe('a,,1\r\n');
  });
});
