import { withCall } from './usage.js';

const CALL = { model: 'm', input_tokens: 10, output_tokens: 20, duration_ms: 30 };

describe('what a job has used', () => {
  it('is nothing before a call, and is left alone by a try without one', () => {
    expect(withCall(null, undefined)).toBeNull();
    expect(withCall({ ...CALL, calls: 2 }, undefined)).toEqual({ ...CALL, calls: 2 });
  });

  it('is the sum of its calls, by the name of the model that was called last', () => {
    const once = withCall(null, CALL);
    expect(once).toEqual({ ...CALL, calls: 1 });
    expect(withCall(once, { model: 'n', input_tokens: 1, output_tokens: 2, duration_ms: 3 })).toEqual({
      model: 'n',
      calls: 2,
      input_tokens: 11,
      output_tokens: 22,
      duration_ms: 33,
    });
  });
});
