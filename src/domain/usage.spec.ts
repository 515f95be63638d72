import { type Prices, priced, withCall } from './usage.js';

const CALL = { model: 'm', input_tokens: 10, output_tokens: 20, duration_ms: 30 };
const FAILED = { model: 'm', input_tokens: 0, output_tokens: 0, duration_ms: 5 };

describe('what a job has used', () => {
  it('is nothing before a call, and is left alone by a try without one', () => {
    expect(withCall(null, undefined)).toBeNull();
    expect(withCall({ ...CALL, calls: 2 }, undefined)).toEqual({ ...CALL, calls: 2 });
  });

  it('is the sum of its calls, by the name of the model that was called last', () => {
    const once = withCall(null, CALL);
    expect(once).toEqual({ ...CALL, calls: 1, cost: null });
    expect(withCall(once, { model: 'n', input_tokens: 1, output_tokens: 2, duration_ms: 3 })).toEqual({
      model: 'n',
      calls: 2,
      input_tokens: 11,
      output_tokens: 22,
      duration_ms: 33,
      cost: null,
    });
  });
});

describe('the version of the prompts', () => {
  it('is that of the calls, and is missing where none of them says it', () => {
    const asked = { ...CALL, prompt_version: 'v2' as const };
    expect(withCall(withCall(null, asked), asked)).toMatchObject({ calls: 2, prompt_version: 'v2' });
    expect(withCall(null, CALL)).not.toHaveProperty('prompt_version');
  });
});

describe('what it costs', () => {
  const PRICES: Prices = new Map([
    ['m', { input: 0.4, output: 1.6 }],
    ['n', { input: 10, output: 0 }],
  ]);

  it('is that of each call at the price of its own model', () => {
    const dear = priced({ ...CALL, model: 'n' }, 'n', PRICES);
    expect(priced(CALL, 'm', PRICES).cost).toBe(0.000036);
    expect(dear.cost).toBe(0.0001);
    expect(withCall(withCall(null, priced(CALL, 'm', PRICES)), dear)!.cost).toBe(0.000136);
  });

  it('is by the name that was asked, where the answer has another that has no price', () => {
    expect(priced({ ...CALL, model: 'm-2026-11-01' }, 'm', PRICES).cost).toBe(0.000036);
    expect(priced({ ...CALL, model: 'n' }, 'm', PRICES).cost).toBe(0.0001);
  });

  it('is not known when one call that used tokens has no price', () => {
    const known = withCall(null, priced(CALL, 'm', PRICES));
    const unknown = priced({ ...CALL, model: 'constructor' }, 'constructor', PRICES);
    expect(unknown.cost).toBeNull();
    expect(withCall(known, unknown)!.cost).toBeNull();
    expect(withCall({ ...CALL, calls: 1 }, priced(CALL, 'm', PRICES))!.cost).toBeNull();
  });

  it('is not changed by a call that used nothing', () => {
    const known = withCall(null, priced(CALL, 'm', PRICES));
    expect(withCall(known, { ...FAILED, cost: null })!.cost).toBe(0.000036);
    expect(withCall(withCall(null, { ...FAILED, cost: null }), priced(CALL, 'm', PRICES))!.cost).toBe(0.000036);
    expect(withCall(null, { ...FAILED, cost: null })!.cost).toBeNull();
    expect(priced(FAILED, 'm', PRICES).cost).toBe(0);
  });
});
