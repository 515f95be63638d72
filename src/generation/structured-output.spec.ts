import { spared, whyNot } from './structured-output.js';

const SCHEMA = {
  type: 'object',
  properties: { name: { type: ['string', 'null'] } },
  required: ['name'],
  additionalProperties: false,
};

describe('an answer', () => {
  it.each([{ name: 'Heat' }, { name: null }])('fits the schema it was asked for: %j', (output) =>
    expect(whyNot(SCHEMA, output)).toBeNull(),
  );

  it.each([{}, { name: 1 }, { name: 'Heat', more: 1 }, [], 'Heat', null])(
    'does not fit, and why is said: %j',
    (output) => expect(whyNot(SCHEMA, output)).toMatch(/^The model's answer does not fit: \//),
  );
});

describe('a field that no answer fails for', () => {
  it.each([42, true, {}, ['a'], undefined])('is null where it is %j', (odd) => {
    expect(spared({ text: 'a', spare: odd }, ['spare'])).toEqual({ text: 'a', spare: null });
  });

  it.each(['a', null])('stays as it is where it is %j', (right) => {
    expect(spared({ spare: right }, ['spare'])).toEqual({ spare: right });
  });
});
