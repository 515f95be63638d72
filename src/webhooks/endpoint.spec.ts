import { refuseEndpoints, webhookOf, whyNotEndpoint, whyNotUrl } from './endpoint.js';

const errorsOf = (fields: Parameters<typeof webhookOf>[0], allowPrivate = false) => {
  try {
    refuseEndpoints([{ webhook: webhookOf(fields) }], allowPrivate);
    return [];
  } catch (error) {
    return (error as { more: { errors: { pointer: string; detail: string }[] } }).more.errors;
  }
};

describe('the endpoint of a webhook', () => {
  it.each([
    [17, 'string'],
    [null, 'string'],
    ['not a url', 'https'],
    ['//example.com/hook', 'https'],
    ['https:example.com', 'https'],
    ['ftp://example.com/', 'https'],
    ['javascript:alert(1)', 'https'],
    ['file:///etc/passwd', 'https'],
    ['https://', 'https'],
    ['https://user@example.com/', 'credentials'],
    ['https://user:word@example.com/', 'credentials'],
    [`https://example.com/${'a'.repeat(2048)}`, '2048'],
    [`https://example.com/${'ł'.repeat(1000)}`, '2048'],
  ])('is not %p', (value, why) => expect(whyNotUrl(value)).toContain(why));

  it.each([
    'https://example.com/hook?token=1',
    'https://example.com:8443/',
    'https://zażółć.example/',
    'https://8.8.8.8/',
  ])('may be %s', (value) => {
    expect(whyNotUrl(value)).toBeNull();
    expect(whyNotEndpoint(new URL(value), false)).toBeNull();
  });

  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://localhost./',
    'https://10.1.2.3/',
  ])('is refused when the URL itself says that it is inside: %s', (webhook_url) => {
    expect(errorsOf({ webhook_url })).toEqual([
      { pointer: '/webhook_url', detail: expect.stringContaining('WEBHOOK_ALLOW_PRIVATE=true') },
    ]);
    expect(errorsOf({ webhook_url }, true)).toEqual([]);
  });

  it('is reached by https, save for local work', () => {
    expect(errorsOf({ webhook_url: 'http://example.com/' })).toEqual([
      { pointer: '/webhook_url', detail: expect.stringMatching(/https.*WEBHOOK_ALLOW_PRIVATE=true/) },
    ]);
    expect(errorsOf({ webhook_url: 'http://example.com/' }, true)).toEqual([]);
  });

  it('is told how the job ended when the request does not say of what', () => {
    expect(webhookOf({ webhook_url: 'https://example.com/a#part' })).toEqual({
      url: 'https://example.com/a',
      events: ['job.completed', 'job.failed', 'job.cancelled'],
    });
    expect(webhookOf({})).toBeUndefined();
  });

  it('is needed where events are named', () => {
    expect(errorsOf({ webhook_events: ['job.failed'] })).toEqual([
      { pointer: '/webhook_events', detail: 'needs webhook_url' },
    ]);
  });
});
