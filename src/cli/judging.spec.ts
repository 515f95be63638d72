import { jest } from '@jest/globals';
import { Readable } from 'node:stream';
import type { SampledTextDto } from '../admin/reviews.dto.js';
import type { Problem } from '../http/problem.js';
import type { Client } from './client.js';
import { Refused } from './errors.js';
import { judge } from './judging.js';

const sampled = (id: string) =>
  ({
    name: 'Heat',
    year: 1995,
    facts: {},
    text: { id, locale: 'en-US', context_tag: 'DEFAULT', version: 1, ai_model: 'm', created_at: '2026', text: 'A.' },
  }) as unknown as SampledTextDto;

describe('what somebody says of texts', () => {
  afterEach(() => jest.restoreAllMocks());

  /** What was sent and shown, where the server answers with these statuses in turn, and then takes all. */
  async function judged(lines: string, ...statuses: number[]) {
    const [sent, out, err]: [unknown[], string[], string[]] = [[], [], []];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void out.push(line));
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
    const act = (path: string, body: unknown) => {
      sent.push([path, body]);
      const status = statuses.shift();
      if (status !== undefined) throw new Refused({ status, detail: `because ${status}` } as Problem);
      return Promise.resolve({});
    };
    const client = { line: { signal: new AbortController().signal }, act } as unknown as Client;
    const ended = await judge(client, '/r', [sampled('1'), sampled('2')], Readable.from([lines])).catch(
      (error: unknown) => error,
    );
    return { sent, out: out.at(-1), err: err.join(''), ended };
  }

  it('is asked again where the note is none: nothing of it is sent', async () => {
    const { sent, out, err } = await judged('b a\u001b[Db\nb a\tb\nb \u200b\nb why\ng\n');
    expect(sent).toEqual([
      ['/r/1', { verdict: 'bad', note: 'why' }],
      ['/r/2', { verdict: 'good' }],
    ]);
    expect(out).toBe('\ngood: 1, bad: 1');
    expect(err.match(/A note must not contain control or formatting characters\./g)).toHaveLength(3);
    expect((await judged(`b ${'x'.repeat(1001)}\n`)).err).toContain('A note must be 1..1000 characters long.');
  });

  it('is asked again where the server takes it not, and not where the text is gone', async () => {
    const refused = await judged('b so\nb else\ng\n', 422);
    expect(refused.sent.map((one) => (one as [string])[0])).toEqual(['/r/1', '/r/1', '/r/2']);
    expect(refused).toMatchObject({ out: '\ngood: 1, bad: 1', ended: undefined });
    expect(refused.err).toContain('not noted: because 422\n');
    expect(await judged('b so\ng\n', 404)).toMatchObject({
      sent: [
        ['/r/1', {}],
        ['/r/2', {}],
      ],
      out: '\ngood: 1, bad: 0',
    });
    expect(await judged('b so\n', 422)).toMatchObject({ sent: [['/r/1', {}]], out: '\ngood: 0, bad: 0' });
    expect((await judged('b so\n', 403)).ended).toBeInstanceOf(Refused);
  });
});
