import { LLMock } from '@copilotkit/aimock';
import type { JobDto } from '../src/jobs/jobs.dto.js';
import { prose } from './support/model/prose.js';
import type { Behaviour, Other } from './support/model/stub-model.js';
import { describeServer, WITH_MODEL } from './support/server/describe-server.js';
import { eventually, TestServer } from './support/server/server.js';

const FILM = {
  found: true,
  title: 'Wire Format',
  release_year: 2005,
  original_title: null,
  other_titles: [],
  directors: ['Third Party'],
  genres: ['drama'],
  description: `A description from a server that was written by others. ${prose('en-US', 'third party')}`,
  cast: [{ name: 'Other Actor', role: 'ACTOR', character_name: 'Lead' }],
  namesakes: [],
};

/** The OpenAI wire format as somebody else understands it. */
describe("against a third party's OpenAI-compatible server", () => {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  let server: TestServer;

  beforeAll(async () => {
    mock.onMessage('Wire Format', { content: JSON.stringify(FILM) });
    mock.onMessage('Not A Film', { content: JSON.stringify({ ...FILM, found: false }) });
    mock.onMessage('Rate Limited', { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429 });
    await mock.start();
    server = await TestServer.start({
      OPENAI_API_KEY: 'key-0123456789',
      OPENAI_BASE_URL: `${mock.url}/v1`,
      OPENAI_MODEL: 'gpt-4o',
    });
  });

  afterAll(async () => {
    await server.stop();
    await mock.stop();
  });

  it('writes a film', async () => {
    const job = await server.generate('movies', { title: 'Wire Format', release_year: 2005 });
    expect(job).toMatchObject({
      status: 'DONE',
      attempts: 1,
      usage: { model: expect.stringContaining('gpt-4o'), input_tokens: expect.any(Number) },
    });
    const { body } = await server.get<{ description: { text: string } }>('/movies/wire-format-2005');
    expect(body.description.text).toBe(FILM.description);
  });

  it('understands "found: false"', async () => {
    const job = await server.generate('movies', { title: 'Not A Film' });
    expect(job).toMatchObject({ status: 'FAILED', attempts: 1, error: { type: 'NOT_FOUND' } });
  });

  it('waits as an error in its form wants it, which is no try', async () => {
    const { body } = await server.post('/movies/generate', { title: 'Rate Limited' });
    const job = await eventually(async () => {
      const { body: now } = await server.get(`/jobs/${body.job_id}`);
      return now.hold && now;
    });
    expect(job).toMatchObject({ status: 'PENDING', attempts: 0, hold: { reason: 'RATE_LIMITED' } });
  });
});

type Quirk = [server: string, of: (good: string) => Other];

const QUIRKS: Quirk[] = [
  ['Ollama: a fence', (good) => ({ message: { content: '```json\n' + good + '\n```' } })],
  ['a small model: prose around', (good) => ({ message: { content: `Sure! Here it is:\n${good}\nEnjoy!` } })],
  ['R1: thoughts', (good) => ({ message: { content: `<think>Is it {"found": false}?</think>\n\n${good}` } })],
  ['Qwen: the end of thoughts alone', (good) => ({ message: { content: `Hm, a film.\n</think>\n${good}` } })],
  ['gpt-oss: a channel', (good) => ({ message: { content: `<|channel|>final<|message|>${good}<|end|>` } })],
  ['Mistral: parts', (good) => ({ message: { content: [{ type: 'text', text: good }] } })],
  [
    'Magistral: thoughts as a part',
    (good) => ({
      message: {
        content: [
          { type: 'thinking', thinking: [] },
          { type: 'text', text: good },
        ],
      },
    }),
  ],
  [
    'a gateway: a call of a tool',
    (good) => ({
      message: { content: null, tool_calls: [{ type: 'function', function: { name: 'movie', arguments: good } }] },
      choice: { finish_reason: 'tool_calls' },
    }),
  ],
  ['vLLM: the object among the thoughts', (good) => ({ message: { content: null, reasoning_content: good } })],
  ['OpenRouter: the same by another name', (good) => ({ message: { content: '', reasoning: good } })],
  ['a small model: JSON in JSON', (good) => ({ message: { content: JSON.stringify(good) } })],
  ['a gateway: a parsed object', (good) => ({ message: { content: JSON.parse(good) as object } })],
  ['a small model: a comma too many', (good) => ({ message: { content: good.replace(/}$/, ',}') } })],
  ['a small model: a raw line feed', (good) => ({ message: { content: good.replace('An original', 'An\noriginal') } })],
  ['a small model: a box', (good) => ({ message: { content: `{"movie": ${good}}` } })],
  ['a small model: a list of one', (good) => ({ message: { content: `[${good}]` } })],
  ['a small model: numbers as text', (good) => ({ message: { content: good.replace(/:(\d{4}|true)/g, ':"$1"') } })],
  ['a small model: one name for a list', (good) => changed(good, { directors: 'Dana Director' })],
  ['a small model: null for a list', (good) => changed(good, { other_titles: null, namesakes: null })],
  ['a small model: more than was asked for', (good) => changed(good, { rating: 9, tagline: 'No.' })],
  ['a small model: an odd member of the cast', (good) => changed(good, { cast: [{ name: 'A', role: 'CAT' }] })],
  [
    'a small model: stopped after the last brace',
    (good) => ({ message: { content: good }, choice: { finish_reason: 'length' } }),
  ],
  [
    'a proxy: another content type',
    (good) => ({ message: { content: good }, headers: { 'content-type': 'text/plain' } }),
  ],
  ['a proxy: no content type', (good) => ({ message: { content: good }, headers: { 'content-type': '' } })],
  [
    'a proxy: a stream that nobody asked for',
    (good) => ({
      headers: { 'content-type': 'text/event-stream' },
      body: [good.slice(0, 40), good.slice(40)]
        .map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
        .concat('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n', 'data: [DONE]\n\n')
        .join(''),
    }),
  ],
];

const changed = (good: string, more: object): Other => ({
  message: { content: JSON.stringify({ ...(JSON.parse(good) as object), ...more }) },
});
const told = (status: number, error: object | string, headers = {}): Quirk[1] => {
  return () => ({ status, body: typeof error === 'string' ? error : { error }, headers });
};

/** What the next try may not meet. */
const PASSING: Quirk[] = [
  ['Groq: json_validate_failed', told(400, { code: 'json_validate_failed', message: 'Failed to generate JSON.' })],
  ['a proxy: 425', told(425, 'Too Early')],
  ['a proxy: a page', told(502, '<html>Bad Gateway</html>')],
  ['Anthropic: 529', told(529, { type: 'overloaded_error', message: 'Overloaded' })],
  ['OpenRouter: an error in a 200', told(200, { code: 502, message: 'Provider returned error' })],
  ['an error in a 200 without a number', told(200, { message: 'Something went wrong' })],
  ['OpenRouter: an error in a choice', () => ({ choice: { error: { code: 502, message: 'Provider disconnected' } } })],
  [
    'DeepSeek: no room',
    () => ({ message: { content: '' }, choice: { finish_reason: 'insufficient_system_resource' } }),
  ],
  ['half an object', (good) => ({ message: { content: good.slice(0, -300) }, choice: { finish_reason: 'length' } })],
  ['half a body', (good) => ({ body: JSON.stringify({ choices: [{ message: { content: good } }] }).slice(0, 200) })],
  ['half a stream', () => ({ body: 'data: {"choices":[{"delta":{"content":"{"}}]}\n\n' })],
  ['nothing said', () => ({ message: { content: '  ' } })],
  ['llama.cpp: it loads', told(503, { code: 503, message: 'Loading model', type: 'unavailable_error' })],
  ['any: too many, in a 200', told(200, { code: 429, message: 'Slow down' })],
];

/** What stays as it is, whoever asks. */
const REFUSED: Quirk[] = [
  ['Azure: a filter', told(400, { code: 'content_filter', message: 'The response was filtered.' })],
  [
    'OpenRouter: moderation',
    told(403, { code: 403, message: 'Your input was flagged', metadata: { reasons: ['violence'], flagged_input: '' } }),
  ],
  ['OpenRouter: moderation in a 200', told(200, { code: 403, message: 'Your input was flagged: requires moderation' })],
  ['DeepSeek: a filter', told(400, { message: 'Content Exists Risk' })],
  ['Gemini: safety', () => ({ message: { content: null }, choice: { finish_reason: 'SAFETY' } })],
  ['OpenAI: a refusal as a part', () => ({ message: { content: [{ type: 'refusal', refusal: 'I cannot.' }] } })],
];

const titled = (server: string) => `By ${server.replaceAll(/[^\w ]/g, '')}`;

describeServer('a server of another make', WITH_MODEL, ({ server, model }) => {
  const jobs = new Map<string, JobDto>();

  beforeAll(async () => {
    const quirks = [...QUIRKS, ...PASSING, ...REFUSED];
    for (const [name, of] of quirks) model.script(titled(name), { kind: 'other', of });
    model.script('By a reset', { kind: 'reset' });
    const names = [...quirks.map(([name]) => name), 'a reset'];
    const items = names.map((name) => ({ title: titled(name), release_year: 2000 }));
    const { body } = await server.post<{ jobs: JobDto[] }>('/movies/generate/batch', { items });
    const ended = await Promise.all(body.jobs.map(({ job_id }) => server.finished(job_id, 60_000)));
    for (const [place, job] of ended.entries()) jobs.set(names[place]!, job);
  }, 70_000);

  it.each(QUIRKS)('is understood at once: %s', (name) => {
    expect(jobs.get(name)).toMatchObject({ status: 'DONE', attempts: 1, usage: { calls: 1 }, error: null });
  });

  it.each([...PASSING.map(([name]) => name), 'a reset'])('is asked again: %s', (name) => {
    expect(jobs.get(name)).toMatchObject({ status: 'DONE', error: null });
    expect(model.callsFor(titled(name))).toHaveLength(2);
  });

  it.each(REFUSED)('is believed when it will not write: %s', (name) => {
    expect(jobs.get(name)).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      error: { type: 'AI_REFUSED', retryable: false },
    });
  });

  it('is stored as it was meant', async () => {
    const { body } = await server.get<{ director: string; release_year: number; people: object[] }>(
      '/movies/by-a-small-model-one-name-for-a-list-2000',
    );
    expect(body).toMatchObject({ director: 'Dana Director', release_year: 2000 });
    expect(body.people.length).toBeGreaterThan(1);
  });

  it('is asked in ever simpler ways, at the cost of no try and no call, and in the simplest from then on', async () => {
    const forms = (title: string) =>
      model.callsFor(title).map(({ request: { response_format: format, messages } }) => {
        const form = (format as typeof format | undefined)?.type ?? 'text';
        return `${form} ${messages.map(({ role }) => role).join('+')}`;
      });
    const says = (message: string): Behaviour => ({ kind: 'other', of: told(400, { message }) });
    const generated = async (title: string) => {
      const job = await server.generate('movies', { title, release_year: 2000 });
      expect(job).toMatchObject({ status: 'DONE', attempts: 1, usage: { calls: 1, input_tokens: 321 } });
      return forms(title);
    };
    model.refuses = ({ request: { response_format: format } }) =>
      format.type === 'json_schema' ? says('This response_format type is unavailable now') : null;
    expect(await generated('By DeepSeek')).toEqual([
      'json_schema system+user',
      'json_schema system+user',
      'json_object system+user',
    ]);
    expect(await generated('By DeepSeek again')).toEqual(['json_object system+user']);
    model.refuses = ({ request: { messages } }) =>
      messages.some(({ role }) => role === 'system') ? says('System role not supported') : null;
    expect(await generated('By Gemma')).toEqual(['json_object system+user', 'json_object user']);
    model.refuses = ({ request }) => ('response_format' in request ? says('Unknown field: response_format') : null);
    expect(await generated('By a plain server')).toEqual(['json_object user', 'text user']);
    // A repair, a text alone, people and the question whose it is are asked in the same way.
    model.script('Twice', { kind: 'content', content: '{"description": 1}' });
    expect(await server.generate('movies', { title: 'Twice', release_year: 2000 })).toMatchObject({
      status: 'DONE',
      attempts: 1,
      usage: { calls: 2 },
    });
    expect(forms('Twice')).toEqual(['text user', 'text user+assistant+user']);
    const text = await server.generate('movies', { title: 'By Gemma', release_year: 2000, context_tag: 'modern' });
    expect(text).toMatchObject({ status: 'DONE', usage: { calls: 1 } });
    expect(await server.generate('people', { name: 'Plain Person' })).toMatchObject({ status: 'DONE' });
    expect(model.calls.slice(-2).map(({ schema }) => schema)).toEqual(['movie_text', 'person']);
  });
});
