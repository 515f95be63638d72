import { LLMock } from '@copilotkit/aimock';
import { prose } from './support/model/prose.js';
import { TestServer } from './support/server/server.js';

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

  it('retries an error in its form', async () => {
    const job = await server.generate('movies', { title: 'Rate Limited' });
    expect(job).toMatchObject({
      status: 'FAILED',
      attempts: 3,
      error: { type: 'AI_API_ERROR', message: 'The model service answered 429.' },
    });
  });
});
