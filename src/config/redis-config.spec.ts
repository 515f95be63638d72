import { Config } from './config.js';

const redisOf = (settings: Record<string, string>) =>
  new Config({ DATABASE_URL: 'postgres://db.local/moviemind', ...settings }).redis;
const NAMED = { REDIS_SENTINEL_NAME: 'primary' };

describe('the lists of Redis servers', () => {
  it.each([
    [
      'a.local:1,[::1]:2',
      [
        ['a.local', 1],
        ['::1', 2],
      ],
      false,
      undefined,
      undefined,
    ],
    ['redis://a.local:1', [['a.local', 1]], false, undefined, undefined],
    [
      'rediss://a.local:1, rediss://b.local:2/',
      [
        ['a.local', 1],
        ['b.local', 2],
      ],
      true,
      undefined,
      undefined,
    ],
    ['redis://:p%40ss@a.local:1', [['a.local', 1]], false, undefined, 'p@ss'],
    ['rediss://us%3Aer:pa:ss@a.local:1', [['a.local', 1]], true, 'us:er', 'pa:ss'],
  ])('carry addresses, protocol, user and password: %s', (text, hosts, tls, username, password) => {
    const cluster = redisOf({ REDIS_CLUSTER_NODES: text });
    if (cluster?.kind !== 'cluster') throw new Error('no cluster');
    expect(cluster.nodes.map(({ host, port }) => [host, port])).toEqual(hosts);
    expect(cluster).toMatchObject({ tls, username, password });
    expect(redisOf({ REDIS_SENTINELS: text, ...NAMED })).toMatchObject({
      tls,
      own: { username, password },
      database: 0,
    });
  });

  it('leave user and password of the servers to settings of their own', () => {
    const LOGIN = { REDIS_USERNAME: 'mover', REDIS_PASSWORD: 'word' };
    const login = { username: 'mover', password: 'word' };
    expect(redisOf({ REDIS_CLUSTER_NODES: 'a.local:1', ...LOGIN })).toMatchObject(login);
    expect(redisOf({ REDIS_SENTINELS: 'a.local:1', REDIS_DB: '3', ...NAMED, ...LOGIN })).toMatchObject({
      ...login,
      database: 3,
      own: { username: undefined, password: 'word' },
    });
  });

  it.each([
    ['the same as the servers, where nothing is said', 'a.local:1', {}, undefined, 'word'],
    ['none, where an URL has none', 'redis://a.local:1', {}, undefined, undefined],
    ['its own setting', 'a.local:1', { REDIS_SENTINEL_USERNAME: 's', REDIS_SENTINEL_PASSWORD: 'own' }, 's', 'own'],
    ['what the URL says', 'redis://:url@a.local:1', { REDIS_SENTINEL_PASSWORD: 'own' }, undefined, 'url'],
  ])('name as password of the Sentinels: %s', (_, text, more, username, password) => {
    const config = redisOf({ REDIS_SENTINELS: text, ...NAMED, REDIS_PASSWORD: 'word', ...more });
    expect(config).toMatchObject({ own: { username, password }, password: 'word' });
  });

  it.each([
    [{ REDIS_CLUSTER_NODES: 'redis://a.local:1,rediss://a.local:2' }, /^REDIS_CLUSTER_NODES: takes one protocol/],
    [
      { REDIS_CLUSTER_NODES: 'redis://:one@a.local:1,redis://:other@a.local:2' },
      /takes one protocol, user and password/,
    ],
    [{ REDIS_CLUSTER_NODES: 'http://a.local:1' }, /^REDIS_CLUSTER_NODES: takes host:port/],
    [{ REDIS_CLUSTER_NODES: 'redis://a.local' }, /^REDIS_CLUSTER_NODES: takes host:port/],
    [{ REDIS_CLUSTER_NODES: 'redis://a.local:1/2' }, /^REDIS_CLUSTER_NODES: takes host:port/],
    [{ REDIS_CLUSTER_NODES: 'redis://:hush%@a.local:1' }, /% written as %25$/],
    [{ REDIS_CLUSTER_NODES: 'a.local:1', REDIS_DB: '1' }, /^REDIS_DB: a Redis Cluster has database 0/],
    [{ REDIS_SENTINELS: 'a.local:1' }, /^REDIS_SENTINELS needs REDIS_SENTINEL_NAME/],
    [{ REDIS_URL: 'redis://a.local/one' }, /^REDIS_URL: behind the host takes the number of the database/],
    [{ REDIS_URL: 'redis://a.local', REDIS_CLUSTER_NODES: 'a.local:1' }, /exclude each other/],
  ])('are refused with what would be right: %j', (settings, line) => {
    const configure = () => redisOf(settings);
    expect(configure).toThrow(line);
    expect(configure).not.toThrow(/hush|:one@/);
  });
});
