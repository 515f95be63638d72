import { retryAfterOf } from './retry-after.js';

const NOW = Date.UTC(1994, 10, 6, 8, 48, 37);
const wait = (wanted: string | undefined, date?: string) => retryAfterOf({ 'retry-after': wanted, date }, NOW);

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 60_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 60_000],
    ['Sun Nov  6 08:49:37 1994', 60_000],
    ['Sun, 06 Nov 1994 08:00:00 GMT', 0],
    ['9'.repeat(400), 604_800_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 604_800_000],
  ])('of %s is %d ms', (wanted, milliseconds) => {
    expect(wait(wanted)).toBe(milliseconds);
  });

  it.each([undefined, '', '-5', '1.5', '1e3', '0x10', 'soon', 'Sun, 99 Nov 1994 99:99:99 GMT'])(
    'asks for nothing where it is not understood: %s',
    (wanted) => {
      expect(wait(wanted)).toBe(0);
    },
  );

  it('is measured by the clock of whoever sent it', () => {
    expect(wait('Sun, 06 Nov 1994 12:00:30 GMT', 'Sun, 06 Nov 1994 12:00:00 GMT')).toBe(30_000);
    expect(wait('Sun, 06 Nov 1994 08:49:37 GMT', 'some day')).toBe(60_000);
  });
});
