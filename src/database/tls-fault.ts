/** Node's error codes for a certificate that is not trusted. */
const CERTIFICATE = /CERT|UNABLE_TO_|SELF_SIGNED/;

/**
 * Why a TLS connection failed, and what to do about it; waiting does not help.
 * @returns `null` for any other error
 */
export function tlsFault(error: unknown): string | null {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  const text = typeof code === 'string' ? code : '';
  if (message.includes('does not support SSL')) return 'it speaks no TLS: leave sslmode out of the URL';
  if (text === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'its certificate is for another name: use the one that is in the certificate';
  }
  if (text === 'CERT_HAS_EXPIRED') return 'its certificate has expired: renew it';
  if (CERTIFICATE.test(text)) {
    const cure = 'name the file of the authority that signed it, NODE_EXTRA_CA_CERTS=ca.pem or sslrootcert in the URL';
    return `its certificate is not trusted (${message.split(';')[0]}): ${cure}; sslmode=no-verify trusts any`;
  }
  return /^ERR_(SSL|TLS)_/.test(text) ? `TLS fails (${text})` : null;
}
