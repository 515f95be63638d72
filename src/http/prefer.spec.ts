import { waitOf } from './prefer.js';

describe('Prefer: wait', () => {
  it.each([
    ['wait=1', 1],
    ['wait=30', 30],
    ['WAIT=5', 5],
    [' wait = 5 ', 5],
    ['wait="7"', 7],
    ['wait=5; why=not', 5],
    ['respond-async, wait=10', 10],
    ['return=minimal;foo="a, b", wait=4', 4],
    ['wait=2, wait=20', 2],
  ])('reads %s', (header, seconds) => {
    expect(waitOf(header)).toBe(seconds);
  });

  it.each(['wait=31', 'wait=600', 'wait=999999999'])('takes %s as the longest wait', (header) => {
    expect(waitOf(header)).toBe(30);
  });

  it.each([
    undefined,
    '',
    'respond-async',
    'wait',
    'wait=',
    'wait=0',
    'wait=-5',
    'wait=1.5',
    'wait=5s',
    'wait=ten',
    'wait=1e1',
    'wait="5',
    'wait=5 6',
    'waiting=5',
    'handling="x, wait=5, y"',
    'wait=no, wait=5',
    'wait=99999999999',
    `foo="${'\\"'.repeat(5000)}, wait=5`,
  ])('ignores %s', (header) => {
    expect(waitOf(header)).toBeNull();
  });
});
