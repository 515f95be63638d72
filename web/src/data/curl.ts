/** The same request as a command line. The key is a variable, so that it stays out of clipboards and histories. */
export async function curlOf(request: Request): Promise<string> {
  const parts = ['curl'];
  if (request.method !== 'GET') parts.push('-X', request.method);
  parts.push(quoted(request.url));
  if (request.headers.has('authorization')) parts.push('-H', '"Authorization: Bearer $MOVIEMIND_KEY"');
  const body = await request.text();
  if (body !== '') parts.push('-H', quoted(`Content-Type: ${request.headers.get('content-type')}`), '-d', quoted(body));
  return parts.join(' ');
}

/** For a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
