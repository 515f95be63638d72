import type { OpenAPIObject } from '@nestjs/swagger';
import { withRequiredKeys, withVisibleSamples, servedAt } from './openapi-served.js';

const KINDS = {
  open: [],
  published: [{}, { bearer: ['read'] }],
  guarded: [{ bearer: ['generate'] }],
  operators: [{ bearer: ['admin'] }],
};

const document = () =>
  ({
    openapi: '3.1.1',
    info: { title: 'x', version: '1' },
    paths: Object.fromEntries(
      Object.entries(KINDS).map(([name, security]) => [
        `/${name}`,
        { get: { security, responses: {}, parameters: [] } },
      ]),
    ),
  }) as unknown as OpenAPIObject;

describe('the document that is served', () => {
  it.each([
    [false, true, ['operators']],
    [false, false, ['operators']],
    [true, true, ['guarded', 'operators']],
    [true, false, ['published', 'guarded', 'operators']],
  ])('with AUTH_REQUIRED=%s and PUBLIC_READS=%s asks for a key for %j', (authRequired, publicReads, asked) => {
    const { paths } = withRequiredKeys(document(), { authRequired, publicReads });
    const locked = Object.entries(paths).filter(([, item]) => item.get!.security!.length > 0);
    expect(locked.map(([path]) => path.slice(1))).toEqual(asked);
    for (const [, item] of locked) expect(item.get!.security).not.toContainEqual({});
  });

  it('names the place where it is read, in its servers and in its lines for a shell, and stays as it is', () => {
    const kept = document();
    const seen = servedAt(kept, { host: 'https://films.example', prefix: '/api' });
    expect(seen.servers).toEqual([{ url: '/api', description: 'This server' }]);
    expect(seen.paths['/open']!.get).toMatchObject({
      'x-codeSamples': [{ source: 'curl https://films.example/api/open' }, { label: 'HTTPie' }],
    });
    expect(seen.paths['/open']!.get!.description).toBeUndefined();
    expect(withVisibleSamples(seen).paths['/open']!.get!.description).toContain(
      'curl https://films.example/api/open\n',
    );
    expect(servedAt(kept, { host: 'localhost:3000', prefix: '' }).servers![0]!.url).toBe('/');
    expect(kept).toEqual(document());
  });
});
