import { createHmac, timingSafeEqual } from 'node:crypto';
import { NIL, parse, stringify } from 'uuid';

/** What an access token says. */
export interface Claims {
  /** The one job that it reads. */
  jobId: string;
  /** The key that asked for it; `null`: none. */
  keyId: string | null;
  /** Whole seconds. */
  expiresAt: Date;
}

const PREFIX = 'mmt_';
/** Two ids and the end in seconds, bytes; and of what signs them. */
const SAID = 16 + 16 + 4;
const SIGNED = 32;

/** Of every access token: the ids, the end and the signature in base64url. */
export const ACCESS_TOKEN_PATTERN = `^${PREFIX}[A-Za-z0-9_-]{91}$`;
/** In every example of the documentation. */
export const EXAMPLE_ACCESS_TOKEN = `mmt_${'AZqx0nw-cACAAF1fbB4qOwGasdKE8XAAgAAKCwwNDg9qZ0oQ'.padEnd(91, 'Vk3')}`;
const FORM = new RegExp(ACCESS_TOKEN_PATTERN);

/** Tells it from a key. */
export const looksLikeAccessToken = (text: string) => text.startsWith(PREFIX);

export function accessTokenOf({ jobId, keyId, expiresAt }: Claims, secret: Buffer): string {
  const end = Buffer.alloc(4);
  end.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000));
  const said = Buffer.concat([parse(jobId), parse(keyId ?? NIL), end]);
  return PREFIX + said.toString('base64url') + signatureOf(said, secret).toString('base64url');
}

/** @returns `null` when somebody else wrote it; it may have expired */
export function claimsIn(token: string, secret: Buffer): Claims | null {
  if (!FORM.test(token)) return null;
  const text = token.slice(PREFIX.length);
  const letters = (SAID / 3) * 4;
  const said = Buffer.from(text.slice(0, letters), 'base64url');
  const signature = Buffer.from(text.slice(letters), 'base64url');
  if (signature.length !== SIGNED || !timingSafeEqual(signature, signatureOf(said, secret))) return null;
  const keyId = stringify(said.subarray(16, 32));
  return {
    jobId: stringify(said.subarray(0, 16)),
    keyId: keyId === NIL ? null : keyId,
    expiresAt: new Date(said.readUInt32BE(32) * 1000),
  };
}

/** The first word keeps what the secret signs here apart from all it may ever sign elsewhere. */
const signatureOf = (said: Buffer, secret: Buffer) =>
  createHmac('sha256', secret).update('job access').update(said).digest();
