import { isForgotten, Prepared } from './prepared.js';

const asked = (prepared: Prepared, text: string, times: number) =>
  Array.from({ length: times }, () => prepared.nameOf(text));

describe('a statement', () => {
  it('has a name from the fifth time on, and always the same', () => {
    const names = asked(new Prepared(), 'SELECT 1', 7);
    expect(names.slice(0, 4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(names[4]).toMatch(/^often_/);
    expect(new Set(names.slice(4)).size).toBe(1);
  });

  it('shares its name with no other, and with none that is forgotten', () => {
    const prepared = new Prepared();
    const names = ['SELECT 1', 'SELECT 2'].map((text) => asked(prepared, text, 5).at(-1));
    prepared.forget();
    expect(asked(prepared, 'SELECT 1', 4)).toEqual([undefined, undefined, undefined, undefined]);
    names.push(prepared.nameOf('SELECT 1'));
    expect(new Set(names).size).toBe(3);
  });

  it('has none when there are too many already', () => {
    const prepared = new Prepared();
    const names = Array.from({ length: 300 }, (_, n) => asked(prepared, `SELECT ${n}`, 5).at(-1));
    expect(names.filter(Boolean)).toHaveLength(250);
  });

  it('keeps its count while thousands are asked once', () => {
    const prepared = new Prepared();
    asked(prepared, 'SELECT 1', 4);
    for (let n = 0; n < 1000; n++) prepared.nameOf(`SELECT ${n} AS once`);
    expect(prepared.nameOf('SELECT 1')).toBeDefined();
  });
});

describe('an error', () => {
  it.each([
    [true, { code: '26000' }],
    [true, { code: '0A000', routine: 'RevalidateCachedQuery' }],
    [false, { code: '0A000', routine: 'standard_ProcessUtility' }],
    [false, { code: '40P01' }],
    [false, new Error('Connection terminated')],
  ])('says that a statement is forgotten: %s of %j', (isIt, error) => {
    expect(isForgotten(error)).toBe(isIt);
  });
});
