import { CrossOrigin } from './cross-origin.js';

const SITE = 'https://films.example';

describe('pages of other sites', () => {
  const sites = new CrossOrigin([SITE, 'http://localhost:5173']);
  const ask = (origin: string | undefined, url = '/movies', routed = url) =>
    sites.headersFor({ headers: { origin }, method: 'GET', url, routeOptions: { url: routed } } as never);

  it.each([[SITE], ['http://localhost:5173']])('of a named site read answers: %s', (origin) => {
    expect(ask(origin)).toMatchObject({ vary: 'Origin', 'access-control-allow-origin': origin });
  });

  it.each([
    ['no origin', undefined],
    ['another scheme', 'http://films.example'],
    ['another port', 'https://films.example:8443'],
    ['a site below it', 'https://evil.films.example'],
    ['a site that begins so', 'https://films.example.evil.example'],
    ['a sandbox', 'null'],
    ['another spelling', 'https://FILMS.example'],
  ])('of others do not: %s', (_, origin) => {
    expect(ask(origin)).toEqual({ vary: 'Origin' });
  });

  it.each(['/admin', '/admin/queues', '/Admin/queues', '//admin/queues', '/%61dmin/queues?x=1', '/admin%2Fboard'])(
    'never read what is for operators: %s',
    (url) => {
      expect(ask(SITE, url)).toEqual({ vary: 'Origin' });
    },
  );

  it('read a film whose slug begins so', () => {
    expect(ask(SITE, '/movies/admin')).toHaveProperty('access-control-allow-origin');
    expect(ask(SITE, '/administrators')).toHaveProperty('access-control-allow-origin');
  });

  it('change nothing where no site is named', () => {
    expect(new CrossOrigin([]).headersFor({ headers: { origin: SITE }, url: '/' } as never)).toEqual({});
  });
});
