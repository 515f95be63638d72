import { connect } from 'node:tls';
import { AnswerTooLong } from '../http/capped-fetch.js';

/** Why there was no answer. */
interface NoAnswer {
  reason: string;
  /** What to do when waiting does not help; `null`: the cause may pass. */
  advice: string | null;
}

const PROBE_MS = 2000;
const CERTIFICATE = /CERT|UNABLE_TO_|SELF_SIGNED|ERR_TLS_/;
const CLOSED = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']);
const PASSING: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  EHOSTUNREACH: 'no way to this host',
  ENETUNREACH: 'no way to this network',
  EAI_AGAIN: 'the name cannot be looked up now',
};

/**
 * Explains an error of `fetch`.
 * @param known whether the server has answered before: then its name and its protocol are right
 */
export async function noAnswerOf(error: Error, url: string, known: boolean): Promise<NoAnswer> {
  const { code, text } = rootOf(error);
  if (error instanceof AnswerTooLong) return { reason: text, advice: 'is that its address?' };
  const lasting = lastingFault(code, text, url);
  if (lasting) return lasting;
  if (code === 'ENOTFOUND') {
    const advice = known ? null : 'check the name in the address';
    return { reason: `there is no host ${new URL(url).hostname}`, advice };
  }
  if (error.name === 'TimeoutError') return { reason: 'silence', advice: null };
  if (!CLOSED.has(code)) return { reason: PASSING[code] ?? text, advice: null };
  const encrypted = !known && url.startsWith('http:') && (await speaksTls(url));
  const advice = encrypted ? `it speaks TLS: write ${url.replace(/^http:/, 'https:')}` : null;
  return { reason: 'the connection was closed', advice };
}

function lastingFault(code: string, text: string, url: string): NoAnswer | null {
  if (text === 'bad port') return { reason: 'no HTTP client may use this port', advice: 'serve on another one' };
  if (code.startsWith('HPE_')) return { reason: 'no HTTP is spoken there', advice: 'check the address' };
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return { reason: 'no TLS is spoken there', advice: `write ${url.replace(/^https:/, 'http:')}` };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return { reason: 'its certificate is for another name', advice: 'use the name that is in the certificate' };
  }
  if (code === 'CERT_HAS_EXPIRED') return { reason: 'its certificate has expired', advice: 'renew it' };
  if (CERTIFICATE.test(code)) {
    const advice = 'name the file of the authority that signed it: NODE_EXTRA_CA_CERTS=ca.pem';
    return { reason: `its certificate is not trusted (${text.split(';')[0]})`, advice };
  }
  return code.startsWith('ERR_SSL_') ? { reason: `TLS fails (${code})`, advice: 'check its settings' } : null;
}

/** The innermost cause, because `fetch` itself only says that it failed. */
function rootOf(error: Error): { code: string; text: string } {
  let root = error as NodeJS.ErrnoException;
  while (root.cause instanceof Error) root = root.cause;
  return { code: root.code ?? '', text: root.message.split('\n')[0]! };
}

function speaksTls(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((answer) => {
    // Nothing is sent, so the certificate need not be trusted.
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      rejectUnauthorized: false,
    });
    const end = (result: boolean) => {
      socket.destroy();
      answer(result);
    };
    socket.setTimeout(PROBE_MS, () => end(false));
    socket.once('secureConnect', () => end(true)).once('error', () => end(false));
  });
}
