import * as usage from '../src/domain/usage.js';
import { BoundReached, NOTHING, Spending, type SpendingOptions, tokensIn } from './spending.js';

const PRICES = new Map([['small', { input: 1, output: 10 }]]);
const of = (options: Partial<SpendingOptions>) =>
  new Spending(usage, {
    model: 'small',
    prices: PRICES,
    bounds: { cost: null, tokens: null },
    before: NOTHING,
    ...options,
  });
const used = (input_tokens: number, output_tokens: number) => ({
  model: 'small',
  input_tokens,
  output_tokens,
  duration_ms: 1,
});
const MOST = { input: 1000, output: 1000 };

describe('what a run spends', () => {
  it('is the sum of its calls, in tokens and money', () => {
    const spending = of({});
    const once = { ...NOTHING, calls: 1, input_tokens: 1000, output_tokens: 200, cost: 0.003, longest: 200 };
    expect(spending.begin(MOST)(used(1000, 200))).toEqual(once);
    spending.begin(MOST)(null);
    expect(spending.spent).toEqual(once);
  });

  it('begins where it ended before', () => {
    const before = { ...NOTHING, calls: 7, input_tokens: 10, output_tokens: 20, cost: 0.5 };
    const spending = of({ before, bounds: { cost: 0.51, tokens: null } });
    expect(() => spending.begin(MOST)).toThrow(BoundReached);
    expect(spending.spent).toEqual(before);
  });

  it('stays within its bound, whatever is under way at the same time', () => {
    // A call may cost 0.011.
    const spending = of({ bounds: { cost: 0.025, tokens: null } });
    const first = spending.begin(MOST);
    const second = spending.begin(MOST);
    expect(() => spending.begin(MOST)).toThrow(BoundReached);
    first(used(100, 100));
    second(used(100, 100));
    expect(spending.spent.cost).toBeCloseTo(0.0022, 10);
    expect(() => spending.begin(MOST)).not.toThrow();
  });

  it('is bound by tokens where the price is not known', () => {
    const spending = of({ prices: new Map(), bounds: { cost: null, tokens: 3000 } });
    expect(spending.begin(MOST)(used(900, 900)).cost).toBeNull();
    expect(() => spending.begin(MOST)).toThrow(BoundReached);
  });

  it.each([
    ['what a server does not tell', used(0, 0), { input: 2000, output: 2000 }, 2],
    ['the part that a server does not tell', used(900, 0), { input: 0, output: 2000 }, 2],
    ['an answer that was lost', 'lost' as const, { input: 2000, output: 2000 }, 0],
  ])('counts as estimated %s, towards the bound alone, and also when the run goes on', (_, came, untold, calls) => {
    const bounds = { cost: null, tokens: 5000 };
    const spending = of({ bounds });
    spending.begin(MOST)(came);
    spending.begin(MOST)(came);
    expect(() => spending.begin({ input: 1000, output: 1500 })).toThrow(BoundReached);
    expect(spending.spent).toMatchObject({ calls, output_tokens: 0, untold });
    expect(() => of({ bounds, before: spending.spent }).begin({ input: 1000, output: 1500 })).toThrow(BoundReached);
  });

  it('expects of each call the longest answer so far, also of those under way and when the run goes on', () => {
    const bounds = { cost: null, tokens: 29_000 };
    const spending = of({ bounds });
    const first = spending.begin(MOST);
    const second = spending.begin(MOST);
    first(used(1000, 9000));
    expect(() => spending.begin(MOST)).toThrow(BoundReached);
    second(used(1000, 500));
    expect(() => spending.begin(MOST)).not.toThrow();
    const before = { ...spending.spent, input_tokens: 20_500, output_tokens: 0 };
    expect(() => of({ bounds, before }).begin(MOST)).toThrow(BoundReached);
  });

  it('is told in tokens about right, also of other scripts', () => {
    expect(tokensIn('A text of some words in English, no more.')).toBeLessThan(15);
    expect(tokensIn('千と千尋の神隠し')).toBeGreaterThan(4);
    expect(tokensIn('')).toBe(0);
  });
});
