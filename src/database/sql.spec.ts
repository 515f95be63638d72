import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { isDatabaseUnavailable } from './sql.js';

const answered = (code: string) => Object.assign(new Error('refused'), { code });

describe('a database that cannot serve', () => {
  it.each([
    ['08006', 'the connection failed'],
    ['25006', 'it is read-only'],
    ['28000', 'the role may not log in'],
    ['3D000', 'the database is gone'],
    ['42501', 'a right is missing'],
    ['42P01', 'a table is being restored'],
    ['53100', 'the disk is full'],
    ['53200', 'memory is short'],
    ['53300', 'there are too many connections'],
    ['55000', 'it takes no connections'],
    ['55P03', 'a lock is not to be had'],
    ['57014', 'the statement took too long'],
    ['57P01', 'it is shutting down'],
    ['57P03', 'it is starting'],
    ['58030', 'its disk fails'],
  ])('is told by %s: %s', (code) => {
    expect(isDatabaseUnavailable(answered(code))).toBe(true);
  });

  it('is told by the error inside the one of TypeORM', () => {
    expect(isDatabaseUnavailable(Object.assign(new Error('query failed'), { driverError: answered('53100') }))).toBe(
      true,
    );
  });

  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_X'])(
    'is told by a connection that TLS refuses: %s',
    (code) => expect(isDatabaseUnavailable(answered(code))).toBe(true),
  );

  it('is told by a connection that broke between two statements of a transaction', () => {
    expect(isDatabaseUnavailable(new QueryRunnerAlreadyReleasedError())).toBe(true);
    expect(isDatabaseUnavailable(new QueryRunnerProviderAlreadyReleasedError())).toBe(true);
  });

  it.each(['22001', '23505', '23514', '42601', '42703', '40001'])('is not what %s means', (code) => {
    expect(isDatabaseUnavailable(answered(code))).toBe(false);
  });

  it.each(['It is directed by the Wachowskis, not by already released.', 'No such title: Connection terminated'])(
    'is not what a message means that quotes the words of a client: %s',
    (message) => expect(isDatabaseUnavailable(new Error(message))).toBe(false),
  );

  it('is not what a defect means', () => {
    expect(isDatabaseUnavailable(new TypeError('x is not a function'))).toBe(false);
  });
});
