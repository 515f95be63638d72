import { refuseForeign, refuseForeignPage } from './trusted-hosts.js';

const OPEN = { authRequired: false, host: '127.0.0.1', hostsAllowed: [] as string[], corsOrigins: [] as string[] };
const outcome = (act: () => void) => {
  try {
    act();
    return 'in';
  } catch (error) {
    return (error as { kind: string }).kind;
  }
};
const asked = (headers: Record<string, string>, method = 'GET', config = OPEN) =>
  outcome(() => refuseForeign({ headers, method }, config));

describe('a server without keys', () => {
  it.each([
    'localhost',
    'localhost:3000',
    'LOCALHOST:3000',
    'movies.localhost:3000',
    '127.0.0.1:3000',
    '127.9.9.9',
    '[::1]:3000',
  ])('answers to %s', (host) => expect(asked({ host })).toBe('in'));

  it.each([
    'evil.example:3000',
    'localhost.evil.example',
    'notlocalhost',
    '127.0.0.1.evil.example:3000',
    '127.evil.example',
    '10.0.0.1:3000',
    '[::2]:3000',
    'evil.example@localhost',
    'localhost/evil',
    '',
    'null',
  ])('does not answer to "%s"', (host) => expect(asked({ host })).toBe('foreign-host'));

  it('answers to what is allowed, and to the address it listens on', () => {
    const config = { ...OPEN, host: '10.0.0.7', hostsAllowed: ['films.example', '.inside.example', '[fd00::1]'] };
    for (const host of ['films.example:80', 'a.inside.example', '[fd00::1]:3000', '10.0.0.7:3000'])
      expect([host, asked({ host }, 'GET', config)]).toEqual([host, 'in']);
    for (const host of ['a.films.example', 'inside.example', 'xinside.example', '10.0.0.8'])
      expect([host, asked({ host }, 'GET', config)]).toEqual([host, 'foreign-host']);
    expect(asked({ host: 'anything', origin: 'null' }, 'POST', { ...OPEN, hostsAllowed: ['*'] })).toBe('in');
  });

  it('answers pages of this machine, and nothing of any other site', () => {
    const host = 'localhost:3000';
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(asked({ host, origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }, method)).toBe('in');
      for (const origin of ['http://evil.example', 'null', 'file://', 'http://localhost.evil.example'])
        expect([origin, asked({ host, origin }, method)]).toEqual([origin, 'foreign-origin']);
    }
    expect(asked({ host, 'sec-fetch-site': 'cross-site' }, 'POST')).toBe('foreign-origin');
    expect(asked({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBe('in'); // a link to /docs
    expect(asked({ host }, 'POST')).toBe('in'); // no browser
  });

  it('answers pages of a site that is named, and of no other, and not by the name of that site', () => {
    const host = 'localhost:3000';
    const config = { ...OPEN, corsOrigins: ['https://films.example'] };
    expect(asked({ host, origin: 'https://films.example', 'sec-fetch-site': 'cross-site' }, 'POST', config)).toBe('in');
    for (const origin of ['http://films.example', 'https://films.example:444', 'https://a.films.example', 'null'])
      expect([origin, asked({ host, origin }, 'POST', config)]).toEqual([origin, 'foreign-origin']);
    expect(asked({ host: 'films.example', origin: 'https://films.example' }, 'GET', config)).toBe('foreign-host');
  });

  it('is not what asks for keys: there Host and Origin do not matter', () => {
    const config = { ...OPEN, authRequired: true };
    expect(asked({ host: 'evil.example', origin: 'http://evil.example' }, 'POST', config)).toBe('in');
  });
});

describe('the board', () => {
  const shown = (headers: Record<string, string>, method = 'GET') =>
    outcome(() => refuseForeignPage({ headers, method }));
  const visit = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it('is visited by a link from anywhere, and asked by no page but its own', () => {
    expect(shown({})).toBe('in');
    expect(shown({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })).toBe('in');
    for (const site of ['cross-site', 'same-site']) {
      expect(shown({ 'sec-fetch-site': site, ...visit })).toBe('in');
      expect(shown({ 'sec-fetch-site': site, ...visit }, 'POST')).toBe('foreign-origin');
      expect(shown({ 'sec-fetch-site': site, ...visit, 'sec-fetch-dest': 'iframe' })).toBe('foreign-origin');
      expect(shown({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).toBe('foreign-origin');
    }
  });
});
