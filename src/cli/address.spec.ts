import { bearerKey, isSameLocal, pathBelow, serverUrl } from './address.js';

describe('the address of a server', () => {
  it.each([
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['https://films.example.com/', 'https://films.example.com'],
    ['HTTPS://Films.example.com/api//', 'https://films.example.com/api'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s is taken as %s', (text, url) => {
    expect(serverUrl(text, '--url')).toBe(url);
  });

  it.each([
    'localhost:3000',
    'films.example.com',
    '',
    'http://',
    'mailto:me',
    'http://x:99999',
    'http://a:b@x',
    'http://x/?y',
  ])('is not "%s"', (text) => {
    expect(() => serverUrl(text, 'MOVIEMIND_URL')).toThrow(/^MOVIEMIND_URL (takes|is no URL)/);
  });

  it('is the same by any name of this machine, on one port', () => {
    expect(isSameLocal('http://localhost:3000', 'http://127.0.0.1:3000')).toBe(true);
    expect(isSameLocal('http://[::1]:3000', 'http://127.0.0.1:3000')).toBe(true);
    expect(isSameLocal('http://127.0.0.1:3001', 'http://127.0.0.1:3000')).toBe(false);
    expect(isSameLocal('http://films.example.com:3000', 'http://127.0.0.1:3000')).toBe(false);
  });

  it('a key that no header can carry is refused', () => {
    expect(bearerKey('mm_abc-1', '--token')).toBe('mm_abc-1');
    for (const text of ['', 'a b', 'a\nb', 'kęy'])
      expect(() => bearerKey(text, '--token')).toThrow(/^--token is no key/);
  });
});

describe('a link of an answer', () => {
  it.each([
    ['http://a:1', '/jobs/1', '/jobs/1'],
    ['http://a:1/api', '/api/jobs/1?x=/api/', '/jobs/1?x=/api/'],
    ['http://a:1/api', '/jobs/1', '/jobs/1'],
    ['http://a:1/api', '/apis/1', '/apis/1'],
  ])('is, of the server %s and %s, the path %s below it', (server, link, path) => {
    expect(pathBelow(server, link)).toBe(path);
  });
});
