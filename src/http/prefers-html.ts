/** Longest header that is read, characters; browsers send a quarter of it. */
const LONGEST = 1000;
const HTML = ['text/html', 'application/xhtml+xml'];
const JSON_TYPES = ['application/json', 'application/problem+json'];

/**
 * Whether a client wants HTML more than JSON (RFC 9110, Accept). It has to name HTML: programs that take anything get
 * JSON, as do those that say nothing.
 */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined || accept.length > LONGEST) return false;
  const wishes = accept.split(',').map(wish);
  const most = (types: string[]) =>
    Math.max(0, ...wishes.filter(({ type }) => types.includes(type)).map(({ weight }) => weight));
  const html = most(HTML);
  return html > 0 && html >= most(JSON_TYPES);
}

function wish(part: string): { type: string; weight: number } {
  const [type = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
  const weight = parameters.find((one) => /^q\s*=/.test(one))?.replace(/^q\s*=\s*/, '');
  return {
    type,
    weight: weight === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0,
  };
}
