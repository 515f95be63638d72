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
    expect(spending.begin(MOST)(used(1000, 200))).toEqual({
      calls: 1,
      input_tokens: 1000,
      output_tokens: 200,
      cost: 0.003,
    });
    spending.begin(MOST)(null);
    expect(spending.spent).toEqual({ calls: 1, input_tokens: 1000, output_tokens: 200, cost: 0.003 });
  });

  it('begins where it ended before', () => {
    const before = { calls: 7, input_tokens: 10, output_tokens: 20, cost: 0.5 };
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

  it('counts as estimated what a server does not tell, towards the bound alone', () => {
    const spending = of({ bounds: { cost: null, tokens: 5000 } });
    spending.begin(MOST)(used(0, 0));
    spending.begin(MOST)(used(0, 0));
    expect(() => spending.begin(MOST)).toThrow(BoundReached);
    expect(spending.spent).toMatchObject({ calls: 2, input_tokens: 0, output_tokens: 0 });
  });

  it('is told in tokens about right, also of other scripts', () => {
    expect(tokensIn('A text of some words in English, no more.')).toBeLessThan(15);
    expect(tokensIn('千と千尋の神隠し')).toBeGreaterThan(4);
    expect(tokensIn('')).toBe(0);
  });
});
