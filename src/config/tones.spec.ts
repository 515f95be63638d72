import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILT_IN } from '../domain/tones.js';
import { tonesIn } from './tones.js';

describe('tones of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-tones-'));
  const file = join(folder, 'tones.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (content: unknown) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return tonesIn(file);
  };
  const NOIR = { name: 'noir', instructions: 'Dark and terse.' };

  it('may be built in, of our own, and different for films and people; DEFAULT is always there', () => {
    const kids = { name: 'kids', description: 'for children', instructions: { movie: 'gentle', person: 'curious' } };
    expect(read(['humorous', NOIR, kids])).toEqual([
      BUILT_IN[0],
      BUILT_IN[3],
      { name: 'noir', description: null, instructions: { MOVIE: 'Dark and terse.', PERSON: 'Dark and terse.' } },
      { name: 'kids', description: 'for children', instructions: { MOVIE: 'gentle', PERSON: 'curious' } },
    ]);
    expect(read(['\ufeff', '[{"name":"DEFAULT","instructions":"our house style"}]'].join(''))).toEqual([
      expect.objectContaining({
        name: 'DEFAULT',
        instructions: { MOVIE: 'our house style', PERSON: 'our house style' },
      }),
    ]);
  });

  const WRONG: [content: unknown, line: RegExp][] = [
    ['{', /tones\.json is not JSON$/],
    [{}, /must hold a JSON list of 1\.\.50 tones$/],
    [[], /must hold a JSON list of 1\.\.50 tones$/],
    [['noir'], /tone 1 of .*: "noir" is not built in/],
    [['modern', 7], /tone 2 of .* must be an object$/],
    [[{ ...NOIR, name: '1st' }], /name takes 1\.\.40 letters/],
    [[{ ...NOIR, name: 'x'.repeat(41) }], /name takes 1\.\.40 letters/],
    [[{ ...NOIR, name: 'é' }], /name takes 1\.\.40 letters/],
    [[{ ...NOIR, tone: 'x' }], /tone is none of name, description, instructions$/],
    [[{ ...NOIR, description: 5 }], /description takes a text of 1\.\.200 characters$/],
    [[{ name: 'noir' }], /instructions takes a text of 1\.\.1000 characters, or an object with one for movie and one/],
    [[{ ...NOIR, instructions: { movie: 'dark' } }], /instructions takes/],
    [[{ ...NOIR, instructions: { movie: 'dark', person: 'dark', song: 'dark' } }], /instructions takes/],
    [[{ ...NOIR, instructions: 'a\u0000b' }], /instructions takes/],
    [[NOIR, { ...NOIR, name: 'Noir' }], /has two tones named noir/],
    [[{ ...NOIR, name: 'default' }], /must spell DEFAULT like that$/],
  ];

  it.each(WRONG)('that are wrong are told in one line: %j', (content, line) => {
    expect(() => read(content)).toThrow(line);
    expect(() => read(content)).toThrow(/^[^\n]+$/);
  });

  it('must be in a file that can be read', () => {
    expect(() => tonesIn(join(folder, 'none.json'))).toThrow(/^cannot read .*none\.json \(ENOENT\)$/);
  });
});
