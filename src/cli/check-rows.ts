import { ProblemException } from '../http/problem.js';
import { validation } from '../http/validation.js';
import { GenerateMovieDto, movieSubmission } from '../movies/movies.dto.js';
import { GeneratePersonDto, personSubmission } from '../people/people.dto.js';
import { Refused } from './errors.js';
import type { Kind } from './options.js';

/**
 * Why the server would refuse it; `null`: it takes it. A batch is taken or refused as a whole, and counts against the
 * limit of requests either way: so what is wrong is better found before.
 */
export async function whyRefused(kind: Kind, body: object): Promise<string | null> {
  const metatype = kind === 'movie' ? GenerateMovieDto : GeneratePersonDto;
  try {
    // As it arrives: without what is undefined.
    const sent = JSON.parse(JSON.stringify(body)) as object;
    const dto = (await validation().transform(sent, { type: 'body', metatype })) as unknown;
    if (kind === 'movie') movieSubmission(dto as GenerateMovieDto);
    else personSubmission(dto as GeneratePersonDto);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    const { errors = [] } = error.more;
    return new Refused({ detail: error.message, errors } as never).message;
  }
}
