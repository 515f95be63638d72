import { FORMS } from '../../test/support/model/forms.js';
import { type Call, type Other, StubModel } from '../../test/support/model/stub-model.js';
import type { GenerationFailure } from '../domain/failure.js';
import type { Ask } from './llm.js';
import { OpenAiLlm } from './openai-llm.js';

const ask: Ask = {
  name: 'movie_text',
  instructions: 'description: the text.',
  data: { title: 'Heat', slug: 'heat-1995' },
  schema: FORMS.movie_text.schema,
  sample: () => ({}),
  traceparent: null,
};

const refusal = (status: number, message: string): Other => ({ status, body: { error: { message } } });
const knowsForms =
  (...known: string[]) =>
  ({ request }: Call) =>
    known.includes(formOf(request));
const formOf = ({ response_format: format }: Partial<Call['request']>) =>
  format?.json_schema?.strict ? 'strict' : (format?.type ?? 'text');
const rolesOf = ({ messages }: Call['request']) => messages.map(({ role }) => role).join(' ');

/** A server that knows some ways of asking, and what it says to others. */
interface Server {
  name: string;
  knows: (call: Call) => boolean;
  says: Other;
  /** The forms in which it is asked until it answers. */
  forms: string;
}
const noSystem = ({ request }: Call) => !rolesOf(request).includes('system');

const SERVERS: Server[] = [
  { name: 'openai', knows: () => true, says: {}, forms: 'strict' },
  {
    name: 'deepseek',
    knows: knowsForms('json_object', 'text'),
    says: refusal(400, 'This response_format type is unavailable now'),
    forms: 'strict json_schema json_object',
  },
  {
    name: 'gemini',
    knows: knowsForms('json_schema', 'json_object', 'text'),
    says: {
      status: 400,
      body: [{ error: { code: 400, message: "Unknown name 'type' at 'response_schema': cannot start list." } }],
    },
    forms: 'strict json_schema',
  },
  {
    name: 'gateway',
    knows: knowsForms('text'),
    says: { body: { error: "'response_format.type' must be 'text'" } },
    forms: 'strict json_schema json_object text',
  },
  {
    name: 'gemma',
    knows: noSystem,
    says: { status: 400, body: { object: 'error', message: 'System role not supported', code: 400 } },
    forms: 'strict strict',
  },
  {
    name: 'llama-cpp-gemma',
    knows: (call) => noSystem(call) && knowsForms('text')(call),
    says: refusal(500, 'Jinja Exception: System role not supported'),
    forms: 'strict strict json_schema json_object text',
  },
  {
    name: 'bad-request',
    knows: () => false,
    says: refusal(400, 'Something about the schema'),
    forms: 'strict json_schema json_object text text',
  },
  {
    name: 'defect',
    knows: () => false,
    says: refusal(500, 'Our json_schema parser broke'),
    forms: 'strict json_schema json_object text text',
  },
  {
    name: 'schema-7b',
    knows: () => false,
    says: refusal(404, 'The model schema-7b does not exist'),
    forms: 'strict json_schema json_object text text',
  },
  { name: 'nothing-known', knows: () => false, says: refusal(422, 'No.'), forms: 'strict' },
];

describe('the client of a model', () => {
  let stub: StubModel;
  const serverOf = ({ path }: Call) => SERVERS.find(({ name }) => path.startsWith(`/${name}/`))!;
  const clientOf = (name: string, more = '', apiKey = 'key-1') => {
    const baseUrl = `${stub.url.replace('/v1', `/${name}/v1`)}${more}`;
    return new OpenAiLlm({ apiKey, baseUrl, model: 'm-1', models: ['m-1'], timeoutMs: 5000 });
  };
  const askAs = (client: OpenAiLlm) => client.ask(ask, AbortSignal.timeout(10_000));
  const callsOf = (name: string) => stub.calls.filter(({ path }) => path.startsWith(`/${name}/`));

  beforeAll(async () => {
    stub = await StubModel.start();
    stub.refuses = (call) => {
      const { knows, says } = serverOf(call);
      return knows(call) ? null : { kind: 'other', of: () => says };
    };
  });
  beforeEach(() => stub.calls.splice(0));
  afterAll(() => stub.stop());

  it.each(SERVERS)('asks $name in ever simpler ways: $forms', async ({ name, forms, says, knows }) => {
    const client = clientOf(name);
    const [answer] = await Promise.allSettled([askAs(client)]);
    expect(
      callsOf(name)
        .map(({ request }) => formOf(request))
        .join(' '),
    ).toBe(forms);
    const isKnown = callsOf(name).some(knows);
    const outcome = answer.status === 'fulfilled' ? 'answered' : (answer.reason as Error).message;
    expect(outcome).toBe(isKnown ? 'answered' : `The model service answered ${says.status}.`);
    await Promise.allSettled([askAs(client)]);
    const again = callsOf(name).slice(forms.split(' ').length);
    // What was refused in every way says nothing of the server: it is asked from the start.
    expect(again.map(({ request }) => formOf(request)).join(' ')).toBe(isKnown ? forms.split(' ').at(-1) : forms);
  });

  it('takes what is refused in every way for what it is besides', async () => {
    const refused = async (name: string) => (await Promise.allSettled([askAs(clientOf(name))]))[0];
    expect(await refused('bad-request')).toMatchObject({ reason: { retryable: false, trouble: { kind: 'request' } } });
    expect(await refused('defect')).toMatchObject({ reason: { retryable: true, trouble: { kind: 'broken' } } });
    expect(await refused('schema-7b')).toMatchObject({ reason: { trouble: { kind: 'unknown-model' } } });
  });

  it('knows each client by itself', async () => {
    await askAs(clientOf('deepseek'));
    await askAs(clientOf('deepseek'));
    expect(callsOf('deepseek')).toHaveLength(6);
  });

  it('sends nothing that a reasoning model refuses', async () => {
    await askAs(clientOf('openai'));
    const [{ request }] = callsOf('openai') as [Call];
    expect(Object.keys(request)).toEqual(['model', 'messages', 'response_format']);
    expect(rolesOf(request)).toBe('system user');
  });

  it.each([
    ['', '/openai/v1/chat/completions'],
    ['/', '/openai/v1/chat/completions'],
    ['/chat/completions', '/openai/v1/chat/completions'],
    ['?api-version=2024-10-21', '/openai/v1/chat/completions?api-version=2024-10-21'],
    ['/chat/completions?api-version=2024-10-21', '/openai/v1/chat/completions?api-version=2024-10-21'],
  ])('finds the address behind a base URL that ends with "%s"', async (end, path) => {
    await askAs(clientOf('openai', end));
    const [call] = callsOf('openai');
    expect(call!.path).toBe(path);
    const { authorization, 'api-key': key } = call!.headers;
    expect([authorization, key]).toEqual(
      end.includes('api-version') ? [undefined, 'key-1'] : ['Bearer key-1', undefined],
    );
  });

  it('gives prose in place of an object back without its thoughts', async () => {
    stub.script('Heat', { kind: 'content', content: '<think>Is that allowed?</think>\nI cannot write that.' });
    expect(await askAs(clientOf('openai'))).toMatchObject({ output: 'I cannot write that.' });
  });

  it('sends no key but a word where none is set', async () => {
    await askAs(clientOf('openai', '', ''));
    expect(callsOf('openai')[0]!.headers.authorization).toBe('Bearer none');
  });

  it('tells what the service said to operators, and not to clients', async () => {
    stub.otherwise({
      kind: 'other',
      of: () => ({
        status: 503,
        headers: { 'retry-after': '7' },
        body: { error: { message: 'Loading model', type: 'unavailable_error' } },
      }),
    });
    const failure = await askAs(clientOf('openai')).catch((error: unknown) => error as GenerationFailure);
    stub.otherwise({ kind: 'answer' });
    expect(failure).toMatchObject({
      type: 'AI_API_ERROR',
      message: 'The model service answered 503.',
      retryable: true,
      retryAfterMs: 7000,
      trouble: { kind: 'loading', status: 503, waitMs: 7000, reason: 'Loading model' },
    });
    const gone = new OpenAiLlm({
      apiKey: '',
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
      models: ['m'],
      timeoutMs: 5000,
    });
    await expect(askAs(gone)).rejects.toMatchObject({
      message: 'The connection to the model failed.',
      trouble: { kind: 'broken', status: null, reason: expect.stringMatching(/ECONNREFUSED|bad port/) },
    });
  });
});
