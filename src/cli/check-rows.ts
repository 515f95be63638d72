import { ProblemException } from '../http/problem.js';
import { validation } from '../http/validation.js';
import { entityOfWord } from '../domain/kinds.js';
import { KIND_FOLDERS } from '../server/kind-folders.js';
import { Refused } from './errors.js';
import type { Kind } from './options.js';

/**
 * Why the server would refuse the body; `null`: it would accept it. The server takes or refuses a batch as a whole, and
 * counts it against the rate limit either way. So mistakes are found before sending.
 */
export async function whyRefused(kind: Kind, body: object): Promise<string | null> {
  const { dto: metatype, check } = KIND_FOLDERS[entityOfWord(kind)].request;
  try {
    // The body as it arrives: without undefined fields.
    const sent = JSON.parse(JSON.stringify(body)) as object;
    check((await validation().transform(sent, { type: 'body', metatype })) as never);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    const { errors = [] } = error.more;
    return new Refused({ detail: error.message, errors } as never).message;
  }
}
