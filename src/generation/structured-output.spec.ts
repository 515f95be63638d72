import type { Ask } from '../llm/llm.js';
import { fitting, object, optionalText, text } from './structured-output.js';

describe('an answer', () => {
  const ask = { schema: object({ title: text, director: optionalText }) } as unknown as Ask;
  const usage = { model: 'm', input_tokens: 1, output_tokens: 2, duration_ms: 3 };

  it('that fits its schema is taken as it is', () => {
    const output = { title: 'Heat', director: null };
    expect(fitting(ask, { output, usage })).toBe(output);
  });

  it.each([
    [null],
    [[]],
    ['Heat'],
    [{}],
    [{ title: 'Heat' }],
    [{ title: null, director: null }],
    [{ title: 1, director: null }],
    [{ title: 'Heat', director: null, extra: 1 }],
  ])('that does not fit is worth another try: %j', (output) => {
    expect(() => fitting(ask, { output, usage })).toThrow(
      expect.objectContaining({ type: 'VALIDATION_ERROR', retryable: true, usage }),
    );
  });
});
