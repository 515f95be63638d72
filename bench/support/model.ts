/**
 * A model that answers at once, as an OpenAI-compatible server does: a process of its own. Each film gets people that
 * no other film has, so that every job writes the same number of rows: one film, one text, four people with a credit
 * each, two genres.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { prose } from '../../test/support/model/prose.ts';

const GENRES = ['drama', 'comedy', 'thriller', 'science-fiction', 'adventure', 'romance', 'crime', 'fantasy'];

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** @param before how many texts of it were unfit: of ten thousand two are */
function film({ title, release_year }: { title: string; release_year: number }, before: number) {
  // The words of the title that are its own.
  const own = title.replace(/^\S+ /, '');
  const place = [...title].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % GENRES.length;
  return {
    found: true,
    title,
    release_year,
    director: `Dana Director ${own}`,
    genres: [GENRES[place], GENRES[(place + 3) % GENRES.length]],
    description: prose('en-US', before === 0 ? title : `${title} ${before}`),
    cast: [
      { name: `Ann Actor ${own}`, role: 'ACTOR', character_name: 'Lead' },
      { name: `Bob Player ${own}`, role: 'ACTOR', character_name: null },
      { name: `Will Writer ${own}`, role: 'WRITER', character_name: null },
    ],
  };
}

/** The same in the form that the program asks for; the peers ask for one director. */
function inForm(asked: { original_title?: object }, { director, ...others }: ReturnType<typeof film>) {
  if (!asked.original_title) return { director, ...others };
  return { ...others, original_title: null, other_titles: [], directors: [director], namesakes: [] };
}

const completion = (content: string) => ({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1,
  model: 'bench-model-1',
  choices: [
    { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 321, completion_tokens: 123, total_tokens: 444 },
});

const DATA = /```json\n([\s\S]*)\n```/;

/** For a look whether it is there, its list of models; else the film that is asked for. */
async function answerTo(request: IncomingMessage): Promise<object> {
  if (request.method === 'GET') return { object: 'list', data: [{ id: 'bench-model-1', object: 'model' }] };
  const { messages, response_format } = JSON.parse(await textOf(request)) as {
    messages: { content: string }[];
    response_format: { json_schema: { schema: { properties: object } } };
  };
  const asked = messages.findIndex(({ content }) => DATA.test(content));
  const [, data] = DATA.exec(messages[asked]!.content)!;
  const found = film(JSON.parse(data!) as Parameters<typeof film>[0], messages.length - 1 - asked);
  return completion(JSON.stringify(inForm(response_format.json_schema.schema.properties, found)));
}

const server = createServer((request, response) => {
  const send = (status: number, answer: object) => {
    const body = JSON.stringify(answer);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, headers).end(body);
  };
  answerTo(request).then(
    (answer) => send(200, answer),
    (error: Error) => send(400, { error: { message: error.message } }),
  );
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => console.log(`READY ${(server.address() as AddressInfo).port}`));
process.on('disconnect', () => process.exit(0));
