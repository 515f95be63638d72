import { FORM_NAMES, FORMS } from '../../test/support/model/forms.js';
import type { Ask } from './llm.js';
import { KnownWays, plain, requestOf, simpler, STRICTEST, type Way } from './ways.js';

const ask: Ask = {
  name: 'movie',
  instructions: 'Be careful.',
  data: { title: 'Heat' },
  schema: FORMS.movie.schema,
  sample: () => ({}),
  traceparent: null,
};
const before = { answer: '{}', further: 'Once more.' };

/** All ways down from the strictest, by what the server says of each. */
function waysDown(...lacksSystemRole: boolean[]): Way[] {
  const ways: Way[] = [STRICTEST];
  for (const lacks of lacksSystemRole) {
    const next = simpler(ways.at(-1)!, lacks);
    if (next) ways.push(next);
  }
  return ways;
}

describe('the way in which a server is asked', () => {
  it('becomes simpler step by step, to plain text in one message', () => {
    expect(waysDown(false, false, false, false, false).map(({ form }) => form)).toEqual(
      'strict schema object text text'.split(' '),
    );
    expect(waysDown(true, true, false).at(-1)).toEqual({ form: 'object', hasSystemRole: false });
    expect(simpler({ form: 'text', hasSystemRole: false }, true)).toBeNull();
  });

  it('has nothing in it besides model, messages and form', () => {
    const [strict, schema, object, text] = waysDown(false, false, false).map((way) => requestOf('m', ask, way));
    expect(strict).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be careful.' },
        { role: 'user', content: '```json\n{"title":"Heat"}\n```' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'movie', strict: true, schema: ask.schema } },
    });
    expect(schema!.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'movie', schema: plain(ask.schema) },
    });
    expect(object!.response_format).toEqual({ type: 'json_object' });
    expect(Object.keys(text!)).toEqual(['model', 'messages']);
    for (const { messages } of [object!, text!]) {
      expect(messages[0]!.content).toContain(`Its JSON Schema: ${JSON.stringify(plain(ask.schema))}`);
    }
  });

  it('is one message of a user where there is no other role, and roles take turns', () => {
    const way: Way = { form: 'strict', hasSystemRole: false };
    const content = 'Be careful.\n\n```json\n{"title":"Heat"}\n```';
    expect(requestOf('m', ask, way).messages).toEqual([{ role: 'user', content }]);
    const roles = requestOf('m', { ...ask, before }, way).messages.map(({ role }) => role);
    expect(roles).toEqual(['user', 'assistant', 'user']);
  });

  it.each(FORM_NAMES)('knows %s without unions, and without what strict mode alone knows', (name) => {
    const told = JSON.stringify(plain(FORMS[name].schema));
    expect(told).not.toMatch(/null|additionalProperties|"type":\[/);
    expect(Object.keys(plain(FORMS[name].schema).properties as object)).toEqual(
      Object.keys(FORMS[name].schema.properties),
    );
  });

  it('is remembered for a server and a model, for a day', () => {
    let now = 0;
    const ways = new KnownWays(() => now);
    const way: Way = { form: 'object', hasSystemRole: false };
    ways.took('a', 'm', way);
    expect([ways.of('a', 'm'), ways.of('b', 'm'), ways.of('a', 'n')]).toEqual([way, STRICTEST, STRICTEST]);
    now = 23 * 3_600_000;
    ways.took('a', 'm', ways.of('a', 'm'));
    expect(ways.of('a', 'm')).toBe(way);
    now = 24 * 3_600_000;
    expect(ways.of('a', 'm')).toBe(STRICTEST);
  });
});
