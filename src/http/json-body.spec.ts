import { parseJsonBody, refuseCharset } from './json-body.js';
import { BODY_LIMIT, ProblemException } from './problem.js';

const refusal = (body: string | Buffer): ProblemException => {
  try {
    parseJsonBody(Buffer.from(body as string));
  } catch (error) {
    if (error instanceof ProblemException) return error;
    throw error;
  }
  throw new Error('the body was taken');
};

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('a JSON body', () => {
  it('is read as JSON.parse reads it', () => {
    const body = '{"title":"千と千尋 \\ud83c\\udfac \\"\\n","year":1999,"list":[1,null,{"title":"again"}],"none":{}}';
    expect(parseJsonBody(Buffer.from(body))).toEqual(JSON.parse(body));
  });

  it('may have the same key in two objects', () => {
    expect(parseJsonBody(Buffer.from('{"a":{"x":1},"b":[{"x":1},{"x":2}],"x":3}'))).toEqual({
      a: { x: 1 },
      b: [{ x: 1 }, { x: 2 }],
      x: 3,
    });
  });

  it('may be twenty levels deep, and no deeper', () => {
    expect(parseJsonBody(Buffer.from(nested(20)))).toHaveProperty(Array(20).fill('a'), 1);
    expect(refusal(nested(21)).getStatus()).toBe(400);
    expect(refusal(`{"a":${'['.repeat(20)}${']'.repeat(20)}}`).message).toContain('20 levels');
  });

  it('is refused at once when it is nothing but depth', () => {
    const started = performance.now();
    expect(refusal('['.repeat(BODY_LIMIT)).message).toContain('20 levels');
    expect(refusal('{"a":'.repeat(BODY_LIMIT / 5)).message).toContain('20 levels');
    expect(performance.now() - started).toBeLessThan(500);
  });

  it.each([
    ['{"a":1,"a":1}', '"a" twice'],
    ['{"a":1,"b":2,"\\u0061":3}', '"a" twice'],
    ['{"x":[{"a":{"b":1,"b":2}}]}', '"b" twice'],
    ['{"":1,"":2}', '"" twice'],
    ['{"__proto__":{}}', '"__proto__"'],
    ['{"a":[{"\\u005f_proto__":null}]}', '"__proto__"'],
  ])('is refused with the key named: %s', (body, named) => {
    const problem = refusal(body);
    expect(problem.getStatus()).toBe(400);
    expect(problem.message).toContain(named);
  });

  const fields = (count: number) => `{${Array.from({ length: count }, (_, n) => `"k${n}":1`).join(',')}}`;
  const list = (count: number, entry: string) => `[${Array(count).fill(entry).join(',')}]`;

  it.each([
    ['fields of an object', fields(32), fields(33), ''],
    ['fields of an object in a list', `{"x":[1,${fields(32)}]}`, `{"x":[1,${fields(33)}]}`, '/x/1'],
    ['entries of a list', `{"a/b":${list(1000, '0')}}`, `{"a/b":${list(1001, '0')}}`, '/a~1b'],
    ['values', `{"x":${list(768, list(25, '1'))}}`, `{"x":${list(834, list(23, '1'))}}`, ''],
  ])('may have so many and no more: %s', (_, most, more, pointer) => {
    expect(parseJsonBody(Buffer.from(most))).toEqual(JSON.parse(most));
    const problem = refusal(more);
    expect(problem.getStatus()).toBe(422);
    expect(problem.more.errors).toEqual([{ pointer, detail: expect.stringMatching(/^has more than \d+ \w+$/) }]);
  });

  it('quotes no more than fifty characters of a key', () => {
    const key = 'secret'.repeat(100);
    expect(refusal(`{"${key}":1,"${key}":2}`).message.length).toBeLessThan(100);
  });

  it.each([[''], [' \r\n\t']])('is nothing, which the route may take: %j', (body) => {
    expect(parseJsonBody(Buffer.from(body))).toBeUndefined();
  });

  it.each([
    ['Am\xe9lie in Latin-1', Buffer.from('{"title":"Am\xe9lie"}', 'latin1')],
    ['an overlong sequence', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['a surrogate', Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
    ['a sequence cut off', Buffer.from('{"title":"é"}').subarray(0, 11)],
  ])('is refused when it is no UTF-8: %s', (_, body) => {
    expect(refusal(body)).toMatchObject({ status: 400, message: 'The body is not valid UTF-8.' });
  });

  it.each([
    ['{'],
    ['{"a"'],
    ['{"a":'],
    ['{"a":1'],
    ['{"a":"x'],
    ['{"a":"\\x"}'],
    ['{"a":"\u0001"}'],
    ['{"a":1,}'],
    ['{a:1}'],
    ["{'a':1}"],
    ['{"a":1} {"b":2}'],
    ['{"a":1}]'],
    ['{"a":01}'],
    ['{"a":NaN}'],
    ['{"a":undefined}'],
    ['{"a":1 // no\n}'],
    ['{"a":/* no */1}'],
  ])('is malformed: %j', (body) => {
    expect(refusal(body)).toMatchObject({ status: 400, kind: 'malformed' });
  });

  it('is not quoted when it is malformed', () => {
    for (const body of ['{"password": hunter2}', '{"a":"hunter2', 'hunter2', '{"hunter2":1,}']) {
      expect(refusal(body).message).not.toContain('hunter');
    }
  });

  it.each([['[]'], ['[{"title":"Heat"}]'], ['"{}"'], ['42'], ['true'], ['null']])(
    'is well-formed but no object: %s',
    (body) => {
      expect(refusal(body)).toMatchObject({
        status: 422,
        more: { errors: [{ pointer: '', detail: 'must be a JSON object' }] },
      });
    },
  );
});

describe('the type of a JSON body', () => {
  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/json; charset=utf8'],
    ['Application/JSON;Charset="UTF-8"'],
    ['application/json;charset=UTF-8;foo=bar'],
    ['application/json; profile="https://example.com/a;charset=latin1"'],
    ['application/json; charset'],
    ['application/json;'],
  ])('may have parameters: %s', (type) => {
    expect(() => refuseCharset(type)).not.toThrow();
  });

  it.each([
    ['application/json; charset=latin1'],
    ['application/json; charset="utf-16"'],
    ['application/json; foo=bar; CHARSET=iso-8859-1'],
    ['application/json; charset=utf-8; charset=latin1'],
    ['application/json; charset='],
  ])('is UTF-8: %s', (type) => {
    expect(() => refuseCharset(type)).toThrow('Send the body in UTF-8');
  });
});
