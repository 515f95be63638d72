import { BUILT_IN } from '../domain/tones.js';
import { ALL_LOCALES } from '../domain/vocabulary.js';
import { Config, ConfigError } from './config.js';

const DATABASE_URL = 'postgres://db.local/moviemind';
const TOKEN = 'x'.repeat(16);
const settingsOf = (environment: Record<string, string>) => new Config(environment);

describe('what is not set', () => {
  const EVERYWHERE = {
    port: 3000,
    role: 'all',
    dataDir: '.data',
    poolSize: 10,
    readPoolSize: 4,
    queueConnection: 'database',
    queuePrefix: 'moviemind',
    redis: null,
    aiService: 'mock',
    openai: { apiKey: '', baseUrl: undefined, model: 'gpt-4.1-mini', models: ['gpt-4.1-mini'], timeoutMs: 60_000 },
    fleet: { calls: 0, tokensPerMinute: 0 },
    prices: new Map(),
    dailyTokens: 0,
    mockLatencyMs: 1000,
    prompts: { version: 'v1', canary: null },
    tmdb: null,
    tries: 3,
    backoffMs: 20_000,
    workerConcurrency: 10,
    leaseMs: 30_000,
    statusTtlSeconds: 900,
    retentionDays: 30,
    adminToken: null,
    adminTokenPrevious: null,
    hostsAllowed: [],
    corsOrigins: [],
    publicReads: true,
    trustedProxies: [],
    basePath: '',
    keepAliveMs: 65_000,
    requestTimeoutMs: 30_000,
    ifExists: 'regenerate',
    locales: ALL_LOCALES,
    tones: BUILT_IN,
    maxUnfinishedJobs: 10_000,
    authWaived: false,
    webhooks: { allowPrivate: false, timeoutMs: 15_000, backoffMs: 5000 },
    maxEventStreams: 5000,
    logLevel: 'info',
    traces: null,
    advice: [],
    passive: false,
  };
  const OPEN = {
    authRequired: false,
    host: '127.0.0.1',
    rateLimits: { generate: 0, poll: 0, read: 0 },
    maxEventStreamsPerCaller: 0,
  };
  const GUARDED = {
    authRequired: true,
    host: '0.0.0.0',
    rateLimits: { generate: 60, poll: 600, read: 600 },
    maxEventStreamsPerCaller: 1000,
  };
  const EMBEDDED = { embedded: true, databaseUrl: null, directUrl: null, readUrl: null };
  const ELSEWHERE = { embedded: false, databaseUrl: DATABASE_URL, directUrl: null, readUrl: null };

  it('leaves the embedded database open to this machine alone', () => {
    expect({ ...settingsOf({}) }).toEqual({ ...EVERYWHERE, ...EMBEDDED, ...OPEN });
  });

  it('asks everybody for a key, within limits, on any other database', () => {
    expect({ ...settingsOf({ DATABASE_URL }) }).toEqual({ ...EVERYWHERE, ...ELSEWHERE, ...GUARDED });
  });

  it('follows from what was said of keys, not from the database', () => {
    expect(settingsOf({ DATABASE_URL, AUTH_REQUIRED: 'false' })).toMatchObject(OPEN);
    expect(settingsOf({ AUTH_REQUIRED: 'true' })).toMatchObject({ ...EMBEDDED, ...GUARDED });
  });

  it('gives way to what is set: 0 is no limit, and an address is taken as it stands', () => {
    const set = { DATABASE_URL, HOST: '10.0.0.5', RATE_LIMIT_GENERATE: '0', RATE_LIMIT_POLL: '7' };
    expect(settingsOf(set)).toMatchObject({
      authRequired: true,
      host: '10.0.0.5',
      rateLimits: { generate: 0, poll: 7, read: 600 },
    });
  });

  it('asks for a key as soon as others than this machine may call, unless that was waived in so many words', () => {
    for (const HOST of ['0.0.0.0', '::', '10.0.0.5', '127.evil.example', 'localhost.evil.example'])
      expect([HOST, settingsOf({ HOST })]).toEqual([
        HOST,
        expect.objectContaining({ ...EMBEDDED, ...GUARDED, host: HOST, authWaived: false }),
      ]);
    for (const HOST of ['localhost', '::1', '127.0.0.1', '127.3.2.1'])
      expect([HOST, settingsOf({ HOST }).authRequired]).toEqual([HOST, false]);
    const waived = settingsOf({ HOST: '0.0.0.0', AUTH_REQUIRED: 'false' });
    expect(waived).toMatchObject({ authRequired: false, authWaived: true, host: '0.0.0.0' });
    const allowed = settingsOf({
      HOST_ALLOWED: 'Films.Example, .inside.example,*,fd00::0:1,[::1],10.0.0.1',
    }).hostsAllowed;
    expect(allowed).toEqual(['films.example', '.inside.example', '*', '[fd00::1]', '[::1]', '10.0.0.1']);
    for (const HOST_ALLOWED of ['films.example:80', 'http://films.example', 'a b', ','])
      expect(() => settingsOf({ HOST_ALLOWED })).toThrow(/^HOST_ALLOWED: takes names without a port/);
  });

  it('knows the sites of other pages by their exact origins, and refuses all else in one line', () => {
    const { corsOrigins } = settingsOf({
      CORS_ORIGINS: 'https://Films.example, http://localhost:5173,https://x.example:443',
    });
    expect(corsOrigins).toEqual(['https://films.example', 'http://localhost:5173', 'https://x.example']);
    expect(settingsOf({}).corsOrigins).toEqual([]);
    const wrong = [
      '*',
      'https://*.films.example',
      'films.example',
      'https://films.example/',
      'https://films.example/a',
    ];
    for (const CORS_ORIGINS of [
      ...wrong,
      'https://u:p@films.example',
      'null',
      'ftp://films.example',
      'https://a,',
      'https://',
    ])
      expect(() => settingsOf({ CORS_ORIGINS })).toThrow(/^CORS_ORIGINS: takes exact origins, comma separated: .*$/);
  });

  it('is worth a warning when it was said that nobody needs a key', () => {
    const quiet: Record<string, string>[] = [{}, { HOST: 'localhost' }, { HOST: '::1' }, { AUTH_REQUIRED: 'true' }];
    expect(quiet.map((settings) => settingsOf(settings).authWaived)).toEqual([false, false, false, false]);
    expect(settingsOf({ AUTH_REQUIRED: 'false' }).authWaived).toBe(true);
    expect(settingsOf({ DATABASE_URL, AUTH_REQUIRED: 'false' }).authWaived).toBe(true);
  });

  it('is a path without a slash at its end, or none', () => {
    const paths = ['/api', '/api/', '/a/b-c.d', '/'].map((BASE_PATH) => settingsOf({ BASE_PATH }).basePath);
    expect(paths).toEqual(['/api', '/api', '/a/b-c.d', '']);
  });

  it('is what is empty too, and blanks and line ends around a value are no part of it', () => {
    const surrounded = {
      ADMIN_TOKEN: ' a-long-enough-admin-token\n',
      OPENAI_MODEL: 'llama\n',
      REDIS_URL: ' redis://r.local',
    };
    expect(settingsOf(surrounded)).toMatchObject({
      adminToken: 'a-long-enough-admin-token',
      openai: { model: 'llama' },
      redis: { url: 'redis://r.local' },
    });
    const empty = { AUTH_REQUIRED: '', HOST: ' ', PORT: '', REDIS_URL: '', RATE_LIMIT_POLL: '', OPENAI_API_KEY: '' };
    expect(settingsOf({ DATABASE_URL, ...empty })).toEqual(settingsOf({ DATABASE_URL }));
  });
});

describe('the queue', () => {
  const REDISES: Record<string, string>[] = [
    { REDIS_URL: 'redis://redis.local:6379' },
    { REDIS_SENTINELS: 'a.local:26379,b.local:26379', REDIS_SENTINEL_NAME: 'primary' },
    { REDIS_CLUSTER_NODES: 'a.local:6379' },
  ];

  it.each(REDISES)('lives in Redis when there is one: %j', (redis) => {
    expect(settingsOf(redis).queueConnection).toBe('redis');
    expect(settingsOf({ ...redis, QUEUE_CONNECTION: 'database' }).queueConnection).toBe('database');
  });
});

describe('the model', () => {
  it('is asked for when there is a key or a server of its own, else pretended', () => {
    expect(settingsOf({ OPENAI_API_KEY: 'sk-1' }).aiService).toBe('openai');
    expect(settingsOf({ OPENAI_BASE_URL: 'http://model.local/v1' }).aiService).toBe('openai');
    expect(settingsOf({ OPENAI_API_KEY: 'sk-1', AI_SERVICE: 'mock' }).aiService).toBe('mock');
  });
});

describe('facts', () => {
  it('are told by the model, unless a provider is chosen', () => {
    expect(settingsOf({ TMDB_API_KEY: 'k' }).tmdb).toBeNull();
    expect(settingsOf({ FACTS_PROVIDER: 'tmdb', TMDB_API_KEY: 'k' }).tmdb).toEqual({
      apiKey: 'k',
      baseUrl: 'https://api.themoviedb.org/3',
    });
    // Only those who run jobs ask it.
    expect(settingsOf({ FACTS_PROVIDER: 'tmdb', ROLE: 'api', DATABASE_URL }).tmdb).not.toBeNull();
  });
});

describe('what models cost', () => {
  it('is read by the name of the model, which may contain signs', () => {
    const MODEL_PRICES = 'gpt-4.1-mini=0.40/1.60, meta/llama:free=0/0,a=b=2/3';
    expect([...settingsOf({ MODEL_PRICES }).prices]).toEqual([
      ['gpt-4.1-mini', { input: 0.4, output: 1.6 }],
      ['meta/llama:free', { input: 0, output: 0 }],
      ['a=b', { input: 2, output: 3 }],
    ]);
  });
});

describe('the prompts', () => {
  it('are of one version, and of another one for a share of the jobs', () => {
    const { prompts } = settingsOf({ PROMPT_VERSION: 'v2', PROMPT_CANARY: ' v1:5% ' });
    expect(prompts).toEqual({ version: 'v2', canary: { version: 'v1', percent: 5 } });
    expect(settingsOf({ PROMPT_CANARY: 'v2:0%' }).prompts.canary).toEqual({ version: 'v2', percent: 0 });
  });
});

describe('a database URL', () => {
  it.each([
    'postgres://u:p@/db?host=/var/run/postgresql',
    'postgres:///db?host=/var/run/postgresql',
    'postgresql://u:p%25%40@db.local/db?sslmode=no-verify',
    'postgresql://u:p@db.local/db?uselibpqcompat=true&sslmode=require',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/db',
  ])('may stand for a socket, and carry percent-codes: %s', (url) => {
    expect(settingsOf({ DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it.each([
    ['postgres://u@db.local/x', 'p@ss/wörd:1', 'postgres://u:p%40ss%2Fw%C3%B6rd%3A1@db.local/x'],
    ['postgres://u:@db.local/x', 'p', 'postgres://u:p@db.local/x'],
    ['postgres://u@/x?host=/var/run/postgresql', 'p', 'postgres://u:p@/x?host=/var/run/postgresql'],
    ['postgres://u:own@db.local/x', 'p', 'postgres://u:own@db.local/x'],
  ])('takes a password that is given apart: %s and %s', (url, password, whole) => {
    const given = { DATABASE_URL: url, DATABASE_DIRECT_URL: url, DATABASE_PASSWORD: password };
    expect(settingsOf(given)).toMatchObject({ databaseUrl: whole, directUrl: whole });
  });

  it.each(['prefer', 'require', 'verify-ca', 'verify-full'])('asks for the certificate by sslmode=%s', (mode) => {
    for (const more of ['', '&channel_binding=require'])
      expect(settingsOf({ DATABASE_URL: `${DATABASE_URL}?sslmode=${mode}${more}` }).databaseUrl).toBe(
        `${DATABASE_URL}?sslmode=verify-full${more}`,
      );
  });
});

describe('what is given in vain', () => {
  const VAIN: [given: Record<string, string>, line: RegExp][] = [
    [
      { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'a,b', MODEL_PRICES: 'a=1/2,c=1/2' },
      /^MODEL_PRICES has no price of b: what it costs is not known$/,
    ],
    [{ AI_SERVICE: 'mock', MODEL_PRICES: 'a=1/2' }, /^MODEL_PRICES has no effect: the mock/],
    [
      { AI_SERVICE: 'mock', OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' },
      /^OPENAI_API_KEY, OPENAI_MODEL have no effect: the mock/,
    ],
    [{ OPENAI_TIMEOUT_MS: '5000' }, /^OPENAI_TIMEOUT_MS has no effect: the mock/],
    [{ TMDB_API_KEY: 'k' }, /^TMDB_API_KEY has no effect: facts are not looked up/],
    [{ OPENAI_API_KEY: 'k', MOCK_LATENCY_MS: '5' }, /^MOCK_LATENCY_MS has no effect: the mock model is not used/],
    [
      { REDIS_URL: 'redis://:q@r.local', REDIS_PASSWORD: 'p' },
      /^REDIS_PASSWORD has no effect: REDIS_URL carries its own/,
    ],
    [{ DATABASE_URL, REDIS_PASSWORD: 'p' }, /^REDIS_PASSWORD has no effect/],
    [{ REDIS_URL: 'redis://r.local', REDIS_DB: '2' }, /^REDIS_DB has no effect: .* REDIS_URL carries its own/],
    [
      { DATABASE_URL: 'postgres://u:p@db.local/x', DATABASE_PASSWORD: 'q' },
      /^DATABASE_PASSWORD has no effect: the URL of the database carries/,
    ],
    [{ DATABASE_DIRECT_URL: DATABASE_URL }, /^DATABASE_DIRECT_URL has no effect: DATABASE_URL is not set/],
    [{ ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_PREVIOUS: 'y'.repeat(16) }, /^ADMIN_TOKEN_PREVIOUS is accepted as well/],
    [{ ADMIN_TOKEN: TOKEN, ADMIN_TOKEN_PREVIOUS: TOKEN }, /^ADMIN_TOKEN_PREVIOUS has no effect: it is ADMIN_TOKEN/],
    [{ QUEUE_PREFIX: 'mine' }, /^QUEUE_PREFIX has no effect: there is no Redis/],
    [{ DATABASE_URL, DATA_DIR: 'data' }, /^DATA_DIR has no effect: the database of DATABASE_URL/],
    [{ PUBLIC_READS: 'false' }, /^PUBLIC_READS has no effect: nobody needs a key/],
    [
      { POSTGRES_PASSWORD: 'p', DATABASE_PASSWORD: 'p', REDIS_PASSWORD: 'p' },
      /^POSTGRES_PASSWORD, DATABASE_PASSWORD, REDIS_PASSWORD have no effect: docker compose/,
    ],
    [{ OPENAI_BASE_URL: 'http://host.docker.internal:1/v1' }, /^OPENAI_BASE_URL: only containers know/],
    [{ OPENAI_APIKEY: 'k' }, /^OPENAI_APIKEY is no setting and has no effect: did you mean OPENAI_API_KEY\?$/],
    [{ OPENAI_KEY: 'k' }, /did you mean OPENAI_API_KEY/],
    [{ JOB_LEASE: '5000' }, /^JOB_LEASE is no setting .* JOB_LEASE_MS\?$/],
    [{ OPENAI_TIMEOUT_SECONDS: '5' }, /did you mean OPENAI_TIMEOUT_MS/],
    [{ WORKER_PORT: '3001' }, /WORKER_PORT has no effect: it is for ROLE=worker/],
    [{ DATABASE_URI: 'postgres://x' }, /did you mean DATABASE_URL/],
    [{ DATABSE_URL: 'postgres://x' }, /did you mean DATABASE_URL/],
    [{ REDIS_CLUSTER: 'a:1' }, /did you mean REDIS_CLUSTER_NODES/],
    [{ log_level: 'debug' }, /did you mean LOG_LEVEL/],
  ];

  it.each(VAIN)('is told in one line: %j', (given, line) => {
    expect(settingsOf(given).advice).toEqual([expect.stringMatching(line)]);
  });

  it('is not the port of a worker, which nobody else reaches unless HOST says so', () => {
    const worker = (more: Record<string, string>) => {
      const { port, host, advice } = settingsOf({ DATABASE_URL, ROLE: 'worker', PORT: '3000', ...more });
      return [port, host, advice];
    };
    expect(worker({})).toEqual([null, '127.0.0.1', []]);
    expect(worker({ WORKER_PORT: '3001' })).toEqual([3001, '127.0.0.1', []]);
    expect(worker({ WORKER_PORT: '3001', HOST: '0.0.0.0' })).toEqual([3001, '0.0.0.0', []]);
  });

  it('is not what both roles are told, nor what other programs are', () => {
    const shared = {
      DATABASE_URL,
      ROLE: 'worker',
      PORT: '3000',
      HOST: '0.0.0.0',
      RATE_LIMIT_POLL: '5',
      ADMIN_TOKEN: 'x'.repeat(16),
    };
    const others = {
      HOME: '/root',
      HOSTNAME: 'h',
      PATH: '/bin',
      REDIS_PORT: 'tcp://1',
      REDIS_HOST: 'r',
      NODE_ENV: 'x',
      PORTS: '1',
    };
    expect(settingsOf({ ...shared, ...others, DATABASE_PUBLIC_URL: 'postgres://x' }).advice).toEqual([]);
  });

  it('is told of whatever the file .env names, but what others read there', () => {
    const file = {
      REDIS_HOST: 'r',
      REDIS_PORTS: '6379',
      OPENAI_KEY: 'k',
      NODE_OPTIONS: '-x',
      NODE_EXTRA_CA_CERTS: 'ca.pem',
      COMPOSE_PROJECT_NAME: 'films',
      MOVIEMIND_TOKEN: 'mm_x',
      NODE_ENV: 'production',
      PORT: '3001',
    };
    expect(new Config({ ...file, EDITOR: 'ed' }, Object.keys(file)).advice).toEqual([
      expect.stringMatching(/^OPENAI_KEY is no setting .* OPENAI_API_KEY\?$/),
      expect.stringMatching(
        /^NODE_OPTIONS, NODE_EXTRA_CA_CERTS of \.env have no effect: Node reads the environment alone/,
      ),
      'REDIS_HOST, REDIS_PORTS of .env have no effect: npm start -- --help lists the settings',
    ]);
  });
});

describe('what is wrong', () => {
  const WRONG: [setting: string, value: string, line: RegExp][] = [
    ['AUTH_REQUIRED', 'maybe', /^AUTH_REQUIRED: /],
    ['PUBLIC_READS', 'sometimes', /^PUBLIC_READS: /],
    ['LOG_LEVEL', 'loud', /^LOG_LEVEL: /],
    ['REDIS_SENTINELS', 'a.local:99999', /^REDIS_SENTINELS: takes host:port,host:port/],
    ['REDIS_SENTINELS', 'nonsense', /^REDIS_SENTINELS: takes host:port,host:port/],
    ['REDIS_CLUSTER_NODES', 'a.local:6379;b.local:6379', /^REDIS_CLUSTER_NODES: takes host:port,host:port/],
    ['OPENAI_MODEL', 'a,,b', /^OPENAI_MODEL: takes names of models without blanks, comma separated/],
    ['OPENAI_MODEL', 'a b', /^OPENAI_MODEL: takes names of models without blanks/],
    ['OPENAI_MODEL', 'a,b,a', /^OPENAI_MODEL: names a model twice/],
    ['MODEL_CONCURRENCY', '-1', /^MODEL_CONCURRENCY: takes an integer/],
    ...['gpt-4.1-mini', 'gpt-4.1-mini=0.40', 'a=1/2,', 'a=1/-2', 'a=1/b', '=1/2', 'a b=1/2', 'a=1/2;b=1/2'].map(
      (value): [string, string, RegExp] => ['MODEL_PRICES', value, /^MODEL_PRICES: takes model=in\/out, money per /],
    ),
    ['MODEL_PRICES', 'a=1/2,a=1/3', /^MODEL_PRICES: names a twice/],
    ['PROMPT_VERSION', 'v0', /^PROMPT_VERSION: .*v0.*v1/],
    ...['v2', 'v2:10', 'v2:-1%', 'v2:101%', 'v2:0.5%', '10%', 'v2=10%', 'v2:10%,v3:10%'].map(
      (value): [string, string, RegExp] => ['PROMPT_CANARY', value, /^PROMPT_CANARY: takes a version and its share/],
    ),
    ['PROMPT_CANARY', 'v0:10%', /^PROMPT_CANARY: has no version v0: there are v1, v2$/],
    ['PROMPT_CANARY', 'v1:10%', /^PROMPT_CANARY names v1, which all jobs take \(PROMPT_VERSION\): name another one$/],
    ['DAILY_TOKEN_BUDGET', '-1', /^DAILY_TOKEN_BUDGET: takes an integer/],
    ['DAILY_TOKEN_BUDGET', '1e6', /^DAILY_TOKEN_BUDGET: takes an integer/],
    ['MODEL_TOKENS_PER_MINUTE', '1k', /^MODEL_TOKENS_PER_MINUTE: takes an integer/],
    ['OPENAI_BASE_URL', 'api.local/v1', /^OPENAI_BASE_URL: takes a URL http/],
    ['OPENAI_BASE_URL', 'https://user:hush@api.local/v1', /^OPENAI_BASE_URL: takes a URL without user and password/],
    [
      'DATABASE_URL',
      'postgres://u:hu%sh@db.local/moviemind',
      /^DATABASE_URL: has a % that begins no percent-code: .*%25/,
    ],
    ['DATABASE_URL', 'postgres://u:hu#sh@db.local/moviemind', /^DATABASE_URL: takes a URL .* percent-encoded$/],
    ['DATABASE_URL', 'postgres://db.local/x?sslmode=allow', /^DATABASE_URL: takes an sslmode of disable, prefer/],
    [
      'DATABASE_URL',
      'postgres://db.local/x?sslrootcert=/nowhere.pem',
      /^DATABASE_URL: names a file as sslrootcert that/,
    ],
    ['DATABASE_URL', 'postgres://u:p@db.local/100%', /^DATABASE_URL: has a % /],
    ['REDIS_URL', 'redis://:hush%@redis.local', /^REDIS_URL: has a % that begins no percent-code: .*%25/],
    ['ADMIN_TOKEN_PREVIOUS', TOKEN, /^ADMIN_TOKEN_PREVIOUS needs ADMIN_TOKEN/],
    ['REDIS_SENTINEL_NAME', 'primary', /^REDIS_SENTINEL_NAME needs REDIS_SENTINELS/],
    ['JOB_RETENTION_DAYS', '0', /^JOB_RETENTION_DAYS: takes an integer 1\.\.3650/],
    ['JOB_STATUS_TTL_SECONDS', '1.5', /^JOB_STATUS_TTL_SECONDS: takes an integer 1\.\.86400/],
    [
      'ADMIN_TOKEN',
      'a-long-enough-admin\ntoken',
      /^ADMIN_TOKEN: takes ASCII letters, .* without blanks and line ends$/,
    ],
    ['ADMIN_TOKEN', 'sufficiently-länger-token', /^ADMIN_TOKEN: takes ASCII letters/],
    ['OPENAI_API_KEY', 'sk-1 # the new one', /^OPENAI_API_KEY: takes ASCII letters/],
    ['FACTS_PROVIDER', 'tmdb', /^FACTS_PROVIDER=tmdb needs TMDB_API_KEY$/],
    ['BASE_PATH', 'api', /^BASE_PATH: takes a path such as \/api/],
    ['BASE_PATH', '//evil.example', /^BASE_PATH: takes a path such as \/api/],
    ['BASE_PATH', '/api/../x', /^BASE_PATH: takes a path such as \/api/],
    ['BASE_PATH', '/ä', /^BASE_PATH: takes a path such as \/api/],
    ['BASE_PATH', '/movies/api', /^BASE_PATH: takes a path that does not begin as one of the API/],
    ['KEEP_ALIVE_SECONDS', '0', /^KEEP_ALIVE_SECONDS: takes an integer 1\.\.86400/],
    ['REQUEST_TIMEOUT_SECONDS', '0', /^REQUEST_TIMEOUT_SECONDS: takes an integer 1\.\.3600/],
    ['WORKER_CONCURRENCY', '-1', /^WORKER_CONCURRENCY: takes an integer 1\.\.1000/],
  ];

  it.each(WRONG)('is named, with what would be right: %s=%s', (setting, value, line) => {
    const configure = () => settingsOf({ [setting]: value });
    expect(configure).toThrow(ConfigError);
    expect(configure).toThrow(line);
  });

  const SECRET = 'hush';
  const SECRETS: [setting: string, value: string][] = [
    ['DATABASE_URL', `mysql://user:${SECRET}@db.local/moviemind`],
    ['REDIS_URL', `http://:${SECRET}@redis.local`],
    ['OPENAI_BASE_URL', `ftp://user:${SECRET}@api.local/v1`],
    ['ADMIN_TOKEN', SECRET],
    ['ADMIN_TOKEN_PREVIOUS', SECRET],
  ];

  it.each(SECRETS)('is not repeated where it may be a secret: %s', (setting, value) => {
    const configure = () => settingsOf({ [setting]: value });
    expect(configure).toThrow(setting);
    expect(configure).not.toThrow(SECRET);
  });
});
