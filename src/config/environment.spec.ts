import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config, ConfigError } from './config.js';
import { given, SECRETS } from './environment.js';

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moviemind-secrets-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(SECRETS)('is read, without the line end that editors leave: %s', (name) => {
    expect(given({ [`${name}_FILE`]: ` ${file(name, 'the-secret-itself\n')}` })).toEqual({
      [name]: 'the-secret-itself',
    });
  });

  it('counts as if it had been given itself, an empty variable beside it included', () => {
    const settings = {
      DATABASE_URL: 'postgres://u@db.local/x',
      DATABASE_PASSWORD: '',
      DATABASE_PASSWORD_FILE: file('password', 'p%ss'),
      REDIS_URL_FILE: file('redis', 'redis://r.local:6379\n'),
      ADMIN_TOKEN_FILE: file('token', 'a-long-enough-admin-token'),
    };
    const config = new Config(settings);
    expect(config).toMatchObject({
      databaseUrl: 'postgres://u:p%25ss@db.local/x',
      redis: { url: 'redis://r.local:6379' },
    });
    expect(config).toMatchObject({ adminToken: 'a-long-enough-admin-token', advice: [] });
  });

  it.each([
    ['is there', () => join(folder, 'none'), /^ADMIN_TOKEN_FILE: cannot read \S+none \(ENOENT\)$/],
    ['can be read', () => folder, /^ADMIN_TOKEN_FILE: cannot read .* \(EISDIR\)$/],
    ['has something in it', () => file('empty', ' \n'), /^ADMIN_TOKEN_FILE: \S+empty is empty$/],
    ['has what the setting takes', () => file('short', 'too-short-token'), /^ADMIN_TOKEN takes at least 16/],
  ])('stops the start unless its file %s', (_, path, line) => {
    const configure = () => new Config({ ADMIN_TOKEN_FILE: path() });
    expect(configure).toThrow(ConfigError);
    expect(configure).toThrow(line);
    expect(configure).not.toThrow(/too-short-token/);
  });

  it('is not given twice', () => {
    const twice = { ADMIN_TOKEN: 'x'.repeat(16), ADMIN_TOKEN_FILE: file('twice', 'y'.repeat(16)) };
    expect(() => new Config(twice)).toThrow('ADMIN_TOKEN and ADMIN_TOKEN_FILE exclude each other: set one');
  });
});
