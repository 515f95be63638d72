import { completionIn } from './completion.js';

const OBJECT = '{"same":true}';
const usage = { prompt_tokens: 3, completion_tokens: 2 };
const body = (message: object, more: object = {}) =>
  JSON.stringify({ model: 'm', choices: [{ index: 0, message, finish_reason: 'stop', ...more }], usage });
const events = (...chunks: (object | string)[]) =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('');
const delta = (piece: object, finish_reason: string | null = null) => ({ choices: [{ delta: piece, finish_reason }] });

describe('what a server sent for a call', () => {
  it.each<[how: string, text: string, said: unknown[]]>([
    ['as OpenAI does', body({ content: OBJECT }), [OBJECT]],
    ['with spaces and a byte order mark before it', `\uFEFF \n${body({ content: OBJECT })}`, [OBJECT]],
    ['as a string', JSON.stringify(body({ content: OBJECT })), [OBJECT]],
    ['in a list', `[${body({ content: OBJECT })}]`, [OBJECT]],
    [
      'in parts',
      body({
        content: [
          { type: 'text', text: '{"same":' },
          { type: 'text', text: 'true}' },
        ],
      }),
      [OBJECT],
    ],
    [
      'in parts, one of them thoughts',
      body({
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: '?' }] },
          { type: 'text', text: OBJECT },
        ],
      }),
      [OBJECT],
    ],
    ['parsed', body({ content: { same: true } }), [{ same: true }]],
    [
      'as a call of a function',
      body({ content: null, tool_calls: [{ type: 'function', function: { name: 'identity', arguments: OBJECT } }] }),
      [OBJECT],
    ],
    ['as a call in the older form', body({ content: '', function_call: { arguments: OBJECT } }), [OBJECT]],
    ['as its thoughts', body({ content: null, reasoning_content: OBJECT }), [OBJECT]],
    ['as its thoughts, by another name', body({ content: ' ', reasoning: OBJECT }), [OBJECT]],
    ['beside its thoughts', body({ content: OBJECT, reasoning_content: '{"same":false}' }), [OBJECT]],
    ['as the older completions do', JSON.stringify({ choices: [{ text: OBJECT, finish_reason: 'stop' }] }), [OBJECT]],
    ['without choices', JSON.stringify({ message: { content: OBJECT }, done: true }), [OBJECT]],
    [
      'as a stream that nobody asked for',
      events(
        delta({ role: 'assistant' }),
        delta({ content: '{"same":' }),
        ': ping',
        delta({ content: 'true}' }, 'stop'),
      ) + events({ choices: [], usage }, '[DONE]'),
      [OBJECT],
    ],
    [
      'as a stream with comments, of a call',
      `: PROCESSING\r\n\r\nevent: chunk\r\ndata: ${JSON.stringify(
        delta({ tool_calls: [{ function: { arguments: OBJECT } }] }, 'tool_calls'),
      )}\r\n`,
      [OBJECT],
    ],
    ['empty', body({ content: '' }), []],
    ['as nothing', 'null', []],
  ])('is read: %s', (_, text, said) => {
    expect(completionIn(text)).toMatchObject({ said, error: null, end: 'stop' });
  });

  it('tells of model and tokens, by either name', () => {
    const told = { model: 'm', inputTokens: 3, outputTokens: 2 };
    expect(completionIn(body({ content: OBJECT }))).toMatchObject(told);
    expect(completionIn(events({ model: 'm', ...delta({ content: OBJECT }, 'stop'), usage }))).toMatchObject(told);
    const other = JSON.stringify({ model: 'm', choices: [], usage: { input_tokens: 3, output_tokens: 2 } });
    expect(completionIn(other)).toMatchObject(told);
  });

  it.each([
    ['a page', '<html>proxy error</html>'],
    ['nothing', ''],
    ['half a body', body({ content: OBJECT }).slice(0, 60)],
    ['a stream that breaks off', events(delta({ content: '{"sa' }))],
  ])('is no answer when it is %s', (_, text) => expect(completionIn(text)).toBeNull());

  it.each([
    ['filtered', {}, { finish_reason: 'content_filter' }],
    ['filtered', {}, { finish_reason: 'SAFETY' }],
    ['filtered', {}, { finish_reason: 'content_filter: PROHIBITED_CONTENT' }],
    ['refused', { refusal: 'I cannot.' }, {}],
    ['refused', { content: [{ type: 'refusal', refusal: 'I cannot.' }] }, {}],
    ['refused', {}, { finish_reason: 'refusal' }],
    ['cut', {}, { finish_reason: 'length' }],
    ['cut', {}, { finish_reason: 'MAX_TOKENS' }],
    ['cut', {}, { finish_reason: 'stop', native_finish_reason: 'max_tokens' }],
    ['broken', {}, { finish_reason: 'error' }],
    ['broken', {}, { finish_reason: 'insufficient_system_resource' }],
    ['stop', {}, { finish_reason: 'eos_token' }],
    ['stop', { refusal: '' }, { finish_reason: null }],
  ])('ends as %s: %j %j', (end, message, more) => {
    expect(completionIn(body({ content: OBJECT, ...message }, more))).toMatchObject({ end });
  });

  it.each<[text: string, status: number | null]>([
    ['{"error":{"code":429,"message":"Slow down"}}', 429],
    ['{"error":{"code":"503","message":"Away"}}', 503],
    ['{"error":{"message":"Away","type":"server_error"}}', null],
    ['{"error":"Away"}', null],
    ['[{"error":{"code":400,"message":"Bad"}}]', 400],
    ['{"object":"error","message":"Bad","code":400}', 400],
    ['{"message":"Bad"}', null],
    ['{"detail":"Bad"}', null],
    ['{"choices":[{"error":{"code":502,"message":"Provider disconnected"},"message":{"content":""}}]}', 502],
    ['data: {"error":{"code":500,"message":"Away"},"choices":[]}\n\n', 500],
  ])('is an error: %s', (text, status) => {
    expect(completionIn(text)).toMatchObject({ error: { status } });
  });

  it('is no error where a field for one is empty', () => {
    expect(completionIn(JSON.stringify({ error: null, choices: [{ error: '', message: {} }] }))!.error).toBeNull();
  });
});
