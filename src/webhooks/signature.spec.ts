import { Webhook } from 'standardwebhooks';
import { newSecret, signatureOf, signedHeaders } from './signature.js';

const BODY = JSON.stringify({ type: 'job.completed', data: { title: 'Amélie' } });

describe('signatures', () => {
  it('are those of the reference library', () => {
    const secret = newSecret();
    const now = new Date();
    const seconds = Math.floor(now.getTime() / 1000);
    expect(signatureOf(secret, 'id-1', seconds, BODY)).toBe(new Webhook(secret).sign('id-1', now, BODY));
  });

  it('are accepted by it, and by nothing but the right secret, id, time and body', () => {
    const [secret, other] = [newSecret(), newSecret()];
    const headers = signedHeaders([secret], 'id-1', BODY, new Date());
    const verify = (by: string, body: string, more: object = {}) =>
      new Webhook(by).verify(body, { ...headers, ...more });
    expect(verify(secret, BODY)).toEqual(JSON.parse(BODY));
    expect(() => verify(other, BODY)).toThrow('No matching signature');
    expect(() => verify(secret, BODY + ' ')).toThrow('No matching signature');
    expect(() => verify(secret, BODY, { 'webhook-id': 'id-2' })).toThrow('No matching signature');
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => verify(secret, BODY, { 'webhook-timestamp': later })).toThrow('No matching signature');
  });

  it('are accepted by whoever has one of several secrets', () => {
    const secrets = [newSecret(), newSecret()];
    const headers = signedHeaders(secrets, 'id-1', BODY, new Date());
    for (const secret of secrets) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  });

  it('come from secrets of which no two are alike', () => {
    expect(new Set(Array.from({ length: 100 }, newSecret)).size).toBe(100);
    expect(newSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
