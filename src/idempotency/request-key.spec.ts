import { keyText } from './request-key.js';

describe('an Idempotency-Key', () => {
  it.each([
    ['5f6c1e2a-0001', '5f6c1e2a-0001'],
    ['"5f6c1e2a-0001"', '5f6c1e2a-0001'],
    ['"two words"', 'two words'],
    ['"a \\"quote\\" and a \\\\"', 'a "quote" and a \\'],
    ['~!{}', '~!{}'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [`"${'x'.repeat(255)}"`, 'x'.repeat(255)],
  ])('%j is read', (value, text) => {
    expect(keyText(value)).toBe(text);
  });

  it.each([
    [''],
    ['""'],
    ['two words'],
    ['one, two'],
    ['"'],
    ['"open'],
    ['open"'],
    ['"a"b"'],
    ['"a\\x"'],
    ['"a\\"'],
    ['a\\b'],
    ['clé'],
    ['"clé"'],
    ['a\u0000b'],
    ['a\tb'],
    ['x'.repeat(256)],
    [`"${'x'.repeat(256)}"`],
  ])('%j is none', (value) => {
    expect(keyText(value)).toBeNull();
  });
});
