import { prefersHtml } from './prefers-html.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('a client prefers HTML', () => {
  it.each([
    BROWSER,
    'TEXT/HTML',
    'application/json;q=0.5, text/html;q=0.6',
    'application/json, text/html',
    'text/html;level=1',
  ])('that sends %s', (accept) => expect(prefersHtml(accept)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    'text/*',
    'application/json',
    'application/json, text/html;q=0.9',
    'text/html;q=0',
    'text/html;q=nonsense',
    'application/json, text/plain, */*',
    `text/html,${'x'.repeat(1000)}`,
  ])('but not one that sends %s', (accept) => expect(prefersHtml(accept)).toBe(false));
});
