import { whyNot } from './structured-output.js';

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
