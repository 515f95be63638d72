import { encodedRequest } from './raw-address.js';

const HEAD = 'Host: localhost:3000\r\nAccept: */*\r\n';
const read = (request: string | Buffer) => encodedRequest(Buffer.from(request as string))?.toString('latin1');

describe('an address with letters as they are', () => {
  it('is percent-encoded, and nothing else changes but that the connection ends with the answer', () => {
    expect(read(`GET /movies?q=千+%E5%8D%83&a=é HTTP/1.1\r\n${HEAD}\r\n`)).toBe(
      `GET /movies?q=%E5%8D%83+%E5%8D%83&a=%C3%A9 HTTP/1.1\r\n${HEAD}connection: close\r\n\r\n`,
    );
    expect(read(`HEAD /movies/amélie HTTP/1.0\r\n${HEAD}\r\n`)).toContain('HEAD /movies/am%C3%A9lie HTTP/1.0\r\n');
  });

  it('is sent on as bytes, whatever letters the headers have', () => {
    const sent = Buffer.from(`GET /é HTTP/1.1\r\nhost: x\r\nx-name: é\r\n\r\n`);
    expect(encodedRequest(sent)!.includes(Buffer.from('x-name: é\r\n'))).toBe(true);
  });

  it.each([
    ['nothing to encode', 'GET /a HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a control character too', 'GET /é\u007f HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['no UTF-8', Buffer.from('GET /am\xe9lie HTTP/1.1\r\nhost: x\r\n\r\n', 'latin1')],
    ['a body that is announced', `GET /é HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n`],
    ['a body in chunks', `GET /é HTTP/1.1\r\nhost: x\r\nTransfer-Encoding : chunked\r\n\r\n`],
    ['another protocol', `GET /é HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\n\r\n`],
    ['another request behind it', `GET /é HTTP/1.1\r\nhost: x\r\n\r\nGET / HTTP/1.1\r\n`],
    ['another request before it', `GET / HTTP/1.1\r\nhost: x\r\n\r\nGET /é HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a head that is not all there', `GET /é HTTP/1.1\r\nhost: x\r\n`],
    ['the rest of a head', `é HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['lines that end without a return', `GET /é HTTP/1.1\nhost: x\n\n`],
    ['a return within a line', `GET /é HTTP/1.1\r\nhost: x\rtransfer-encoding: chunked\r\n\r\n`],
    ['a line break within a line', `GET /é HTTP/1.1\r\nhost: x\ntransfer-encoding: chunked\r\n\r\n`],
    ['a space in it', `GET /é b HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a method that changes something', `POST /é HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['another host', `GET http://evil.example/é HTTP/1.1\r\nhost: x\r\n\r\n`],
  ])('is left alone with %s', (_, request) => {
    expect(read(request)).toBeUndefined();
  });
});
