/** Requests as bytes; the same for whoever is measured. */
const HOST = 'host: 127.0.0.1\r\n';

/** A film of its own for each number. The model answers in the same words. */
export const titleOf = (run: string, n: number) => `Bench ${run} ${n}`;
export const YEAR = 2000;

export function accepting(run: string, n: number): string {
  const body = `{"title":"${titleOf(run, n)}","release_year":${YEAR}}`;
  const type = 'content-type: application/json\r\n';
  return `POST /movies/generate HTTP/1.1\r\n${HOST}${type}content-length: ${body.length}\r\n\r\n${body}`;
}

export const polling = (id: string, etag?: string): string =>
  `GET /jobs/${id} HTTP/1.1\r\n${HOST}${etag ? `if-none-match: ${etag}\r\n` : ''}\r\n`;

/** The id in a 202, which stands at its beginning. */
export const idIn = (body: Buffer): string => /"job_id":"([^"]+)"/.exec(body.toString('latin1', 0, 400))?.[1] ?? '';
