import type { Service } from './llm.js';

/** Where the library asks when no address is given. */
const OPENAI = 'https://api.openai.com/v1';

/** The address without path, user and key. */
export function serviceAt(baseUrl = OPENAI): Service {
  const { hostname: address, port, protocol } = new URL(baseUrl);
  return { provider: 'openai', address, port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port) };
}
