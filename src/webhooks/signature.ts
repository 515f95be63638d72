import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** 256 random bits, in the form of Standard Webhooks. */
export const newSecret = () => PREFIX + randomBytes(32).toString('base64');

/**
 * The signature covers the id, the time and the body. So a copy of it is useless with another id or at another time.
 */
export function signatureOf(secret: string, id: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
}

/**
 * The headers of Standard Webhooks, with one signature for each secret: after a rotation there are several.
 * @param now by the database's clock: receivers refuse messages that seem minutes old, or of the future
 */
export function signedHeaders(secrets: string[], id: string, body: string, now: Date): Record<string, string> {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((secret) => signatureOf(secret, id, seconds, body)).join(' '),
  };
}
