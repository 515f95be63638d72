import { bool, cleanEnv, makeExactValidator, type Spec, str } from 'envalid';
import { isIP, isIPv4 } from 'node:net';
import { ROWS } from '../domain/kinds.js';
import { type Canary, DEFAULT_PROMPT, PROMPT_VERSIONS, type PromptChoice } from '../domain/prompt-versions.js';
import { BUILT_IN, type Tone } from '../domain/tones.js';
import { ALL_LOCALES, DEFAULT_LOCALE, IF_EXISTS, type Locale } from '../domain/vocabulary.js';
import { adviceOn } from './advice.js';
import { canaryOf } from './canary.js';
import { ConfigError, given, SECRETS } from './environment.js';
import { type RedisConfig, type RedisNode, redisNodes, redisOf } from './redis-config.js';
import type { Prices } from '../domain/usage.js';
import { pricesOf } from './prices.js';
import { tonesIn } from './tones.js';
import { TRACES_SETTINGS, type TracesConfig, tracesOf } from './traces.js';
import { hasPassword, headerText, originList, postgresUrl, urlOf, webUrl, withPassword } from './urls.js';

export { ConfigError };
export type { RedisConfig };

export const ROLES = ['all', 'api', 'worker'] as const;
export const QUEUE_CONNECTIONS = ['redis', 'database'] as const;
export const AI_SERVICES = ['openai', 'mock'] as const;
export const FACTS_PROVIDERS = ['none', 'tmdb'] as const;
/** The model name in texts of the mock. */
export const MOCK_MODEL = 'mock';
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/** The ways to the database. Those beside the first count only with it. */
const DATABASE_URLS = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_READ_URL'] as const;

/** The list that `--help` prints shows its range. */
const integer = (min: number, max: number) => {
  const validator = makeExactValidator<number>((text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max) throw new Error(`takes an integer ${min}..${max}`);
    return value;
  });
  return ((spec: Spec<number>) => validator({ ...spec, example: `${min}..${max}` })) as typeof validator;
};

const nodes = makeExactValidator<RedisNode[]>(redisNodes);

/** Addresses and CIDRs. /0 is refused: it would accept a client's address from any peer. */
const networks = makeExactValidator<string[]>((text) =>
  text.split(',').map((item) => {
    const [, address = '', , bits] = /^([^/]*)(\/(\d{1,3}))?$/.exec(item.trim()) ?? [];
    const most = isIP(address) === 6 ? 128 : 32;
    const inRange = bits === undefined || (Number(bits) >= 1 && Number(bits) <= most);
    if (!isIP(address) || !inRange)
      throw new Error('takes addresses or CIDRs, comma separated: 10.0.0.0/8,2001:db8::1');
    return item.trim();
  }),
);

/** Path segments of letters that need no encoding in an address; no slash at the end. */
export const BELOW = /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/;

/** First path segments of the API. Below one of them the server could not tell whether a proxy has removed the path. */
const OWN_FOLDERS = [
  'admin',
  'batches',
  'context-tags',
  'docs',
  'export',
  'genres',
  'health',
  'import',
  'jobs',
  'locales',
  'metrics',
  'webhooks',
  ...ROWS.map(({ path }) => path),
];

const path = makeExactValidator<string>((text) => {
  const value = text.replace(/\/$/, '');
  if (value === '') return value;
  if (!BELOW.test(value)) throw new Error('takes a path such as /api, of letters, digits and - . _ ~');
  if (OWN_FOLDERS.includes(value.split('/')[1]!)) throw new Error('takes a path that does not begin as one of the API');
  return value;
});

/** Names without a port; `.example.org` matches every name with that ending, `*` matches any. */
const names = makeExactValidator<string[]>((text) =>
  text.split(',').map((item) => {
    const name = item.trim().toLowerCase();
    if (isIP(name) === 6) return new URL(`http://[${name}]`).hostname;
    const isName = /^(\*|\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[\da-f:.]+\])$/.test(name);
    if (!isName) throw new Error('takes names without a port, comma separated: films.example,.inside.example');
    return name;
  }),
);

/** In the order in which they are preferred. */
const models = makeExactValidator<string[]>((text) => {
  const list = text.split(',').map((name) => name.trim());
  if (list.some((name) => name === '' || /\s/.test(name)))
    throw new Error('takes names of models without blanks, comma separated: gpt-4.1-mini,gpt-4.1-nano');
  if (new Set(list).size < list.length) throw new Error('names a model twice');
  return list;
});

const prices = makeExactValidator<Prices>(pricesOf);

const canary = makeExactValidator<Canary>(canaryOf);

/** In the order of the table of locales. */
const locales = makeExactValidator<Locale[]>((text) => {
  const named = text.split(',').map((item) => item.trim());
  const unknown = named.find((item) => !ALL_LOCALES.includes(item as Locale));
  if (unknown !== undefined) throw new Error(`takes locales of ${ALL_LOCALES.join(', ')}; ${unknown} is none of them`);
  if (!named.includes(DEFAULT_LOCALE))
    throw new Error(`must contain ${DEFAULT_LOCALE}, which every reader may fall back to`);
  return ALL_LOCALES.filter((locale) => named.includes(locale));
});

const tones = makeExactValidator<Tone[]>(tonesIn);

/** Every setting: rule, default, unit and meaning. `--help` prints this list; no other code reads the environment. */
export const SETTINGS = {
  PORT: integer(0, 65535)({ default: 3000, desc: 'TCP port; 0 takes a free one' }),
  HOST: str({ default: undefined, desc: 'address to listen on (default 127.0.0.1 without auth, else 0.0.0.0)' }),
  WORKER_PORT: integer(
    0,
    65_535,
  )({
    default: undefined,
    desc:
      'TCP port where ROLE=worker answers /health/live, /health/ready and /metrics, and nothing else; ' +
      'on 127.0.0.1 unless HOST says otherwise (default none)',
  }),
  ROLE: str({ choices: ROLES, default: 'all', desc: 'what this process does: serve HTTP, run jobs, or both' }),
  DATABASE_URL: postgresUrl({ default: undefined, desc: 'PostgreSQL (default: embedded, in DATA_DIR)' }),
  DATABASE_DIRECT_URL: postgresUrl({
    default: undefined,
    desc: 'the same database past a pooler in transaction mode, for LISTEN and migrations (default DATABASE_URL)',
  }),
  DATABASE_READ_URL: postgresUrl({
    default: undefined,
    desc: 'a standby of the same database, for reading films and people (default DATABASE_URL)',
  }),
  DATABASE_PASSWORD: str({
    default: undefined,
    desc: 'password of the user in DATABASE_URL and in the URLs beside it, where they have none',
  }),
  DATABASE_POOL_SIZE: integer(
    1,
    1000,
  )({ default: 10, desc: 'connections to PostgreSQL for accepting and running jobs' }),
  DATABASE_READ_POOL_SIZE: integer(
    1,
    1000,
  )({ default: 4, desc: 'connections for reading films, people and lists of jobs; as many reads run at once' }),
  DATA_DIR: str({ default: '.data', desc: 'folder of the embedded PostgreSQL' }),
  QUEUE_CONNECTION: str({
    choices: QUEUE_CONNECTIONS,
    default: undefined,
    desc: 'where the queue lives (default redis when Redis is set, else database)',
  }),
  QUEUE_PREFIX: str({
    default: 'moviemind',
    desc: 'first part of every Redis key; deployments that share a Redis need different ones',
  }),
  REDIS_URL: urlOf('redis', 'rediss')({ default: undefined, desc: 'Redis for the queue and the status cache' }),
  REDIS_SENTINELS: nodes({
    default: undefined,
    desc: 'Redis Sentinels, host:port,… or rediss://user:password@host:port,…; instead of REDIS_URL',
  }),
  REDIS_SENTINEL_NAME: str({ default: undefined, desc: 'name of the primary the Sentinels watch' }),
  REDIS_SENTINEL_USERNAME: str({ default: undefined, desc: 'user of the Sentinels themselves' }),
  REDIS_SENTINEL_PASSWORD: str({
    default: undefined,
    desc: 'password of the Sentinels themselves (default REDIS_PASSWORD, none where they are URLs)',
  }),
  REDIS_CLUSTER_NODES: nodes({
    default: undefined,
    desc: 'Redis Cluster nodes, host:port,… or rediss://user:password@host:port,…; instead of REDIS_URL',
  }),
  REDIS_USERNAME: str({ default: undefined, desc: 'user for Sentinel or Cluster, or for a REDIS_URL without one' }),
  REDIS_PASSWORD: str({
    default: undefined,
    desc: 'password for Sentinel or Cluster, or for a REDIS_URL without one',
  }),
  REDIS_DB: integer(
    0,
    65_535,
  )({ default: undefined, desc: 'number of the database, with Sentinel (REDIS_URL carries its own; default 0)' }),
  AI_SERVICE: str({
    choices: AI_SERVICES,
    default: undefined,
    desc: 'the model (default openai when a key or a base URL is set, else the labelled mock)',
  }),
  OPENAI_API_KEY: headerText({ default: undefined, desc: 'key of the OpenAI-compatible service' }),
  OPENAI_BASE_URL: webUrl({ default: undefined, desc: 'base URL of the OpenAI-compatible service, with /v1' }),
  OPENAI_MODEL: models({
    default: ['gpt-4.1-mini'],
    desc: 'name of the model; several, comma separated: each is asked while those before it do not answer',
  }),
  OPENAI_TIMEOUT_MS: integer(100, 600_000)({ default: 60_000, desc: 'longest model call, milliseconds' }),
  MODEL_CONCURRENCY: integer(
    0,
    100_000,
  )({ default: 0, desc: 'jobs that ask the model at once, of all workers together; 0: no bound' }),
  MODEL_TOKENS_PER_MINUTE: integer(
    0,
    1_000_000_000,
  )({
    default: 0,
    desc: 'tokens that all workers together use a minute, about; one job is always let through; 0: no bound',
  }),
  MODEL_PRICES: prices({
    default: undefined,
    desc:
      'what models cost, money per million tokens in/out, comma separated: gpt-4.1-mini=0.40/1.60; ' +
      'the cost of other models is not known',
  }),
  DAILY_TOKEN_BUDGET: integer(
    0,
    1_000_000_000_000,
  )({
    default: 0,
    desc: 'tokens that all jobs together use a day (UTC), save for calls under way; then jobs wait; 0: no bound',
  }),
  MOCK_LATENCY_MS: integer(
    0,
    60_000,
  )({ default: 1000, desc: 'how long the mock model pretends to think, milliseconds' }),
  PROMPT_VERSION: str({
    choices: PROMPT_VERSIONS,
    default: DEFAULT_PROMPT,
    desc: 'version of the prompts that the model is asked with, see docs/prompts.md',
  }),
  PROMPT_CANARY: canary({
    default: undefined,
    desc: 'another version of the prompts for a share of the jobs: v2:10%; a job keeps its own (default none)',
  }),
  FACTS_PROVIDER: str({
    choices: FACTS_PROVIDERS,
    default: 'none',
    desc: 'who tells facts besides the model: tmdb has films and people looked up there, see docs/models.md',
  }),
  TMDB_API_KEY: headerText({ default: undefined, desc: 'key of TMDB: the API key, or the read access token' }),
  TMDB_BASE_URL: webUrl({ default: 'https://api.themoviedb.org/3', desc: 'base URL of TMDB, with /3' }),
  LOCALES: locales({
    default: undefined,
    desc: 'languages that texts can be asked for in, comma separated: en-US,pl-PL; en-US is one (default all of them)',
  }),
  TONES_FILE: tones({
    default: undefined,
    desc: 'JSON file of the tones that texts can be asked for in, see docs/operate.md (default the four built in)',
  }),
  DEFAULT_IF_EXISTS: str({
    choices: IF_EXISTS,
    default: 'regenerate',
    desc: 'what a request without if_exists means: regenerate writes a new version, reuse takes the text that is there',
  }),
  GENERATION_TRIES: integer(1, 10)({ default: 3, desc: 'model calls a job may take before it is FAILED' }),
  GENERATION_BACKOFF_MS: integer(
    0,
    3_600_000,
  )({
    default: 20_000,
    desc: 'wait after the first failed try, milliseconds; three times as long after each further one',
  }),
  WORKER_CONCURRENCY: integer(1, 1000)({ default: 10, desc: 'jobs a worker runs at once, per queue' }),
  JOB_LEASE_MS: integer(
    1000,
    600_000,
  )({
    default: 30_000,
    desc: 'how long a claimed job stays with a silent worker, milliseconds; renewed every third of it',
  }),
  JOB_STATUS_TTL_SECONDS: integer(1, 86_400)({ default: 900, desc: 'life of a status cache entry in Redis, seconds' }),
  JOB_RETENTION_DAYS: integer(1, 3650)({ default: 30, desc: 'how long finished jobs are kept, days' }),
  ADMIN_TOKEN: headerText({ default: undefined, desc: 'bearer token with scope admin, at least 16 characters' }),
  ADMIN_TOKEN_PREVIOUS: headerText({
    default: undefined,
    desc: 'the ADMIN_TOKEN before, accepted as well until everybody sends the new one',
  }),
  AUTH_REQUIRED: bool({
    default: undefined,
    desc:
      'whether requests need a key (default false on the embedded database while HOST is of this machine ' +
      'alone, else true)',
  }),
  HOST_ALLOWED: names({
    default: undefined,
    desc:
      'without auth: further names that Host and Origin may contain, comma separated; ' +
      '.example.org: every name with that ending; *: any',
  }),
  CORS_ORIGINS: originList({
    default: undefined,
    desc:
      'sites whose pages may call the API from a browser, comma separated exact origins such as ' +
      'https://films.example (default none)',
  }),
  PUBLIC_READS: bool({ default: true, desc: 'whether movies and people can be read without a key' }),
  TRUSTED_PROXIES: networks({
    default: undefined,
    desc: 'proxies whose X-Forwarded-For, -Host, -Proto and -Prefix are believed: addresses or CIDRs, comma separated',
  }),
  BASE_PATH: path({
    default: '',
    desc: 'path below which clients see this server, such as /api, whether a proxy takes it away or not (default none)',
  }),
  KEEP_ALIVE_SECONDS: integer(
    1,
    86_400,
  )({
    default: 65,
    desc: 'how long a connection may be idle, seconds; more than the balancer in front keeps it (Google: 600, so 620)',
  }),
  REQUEST_TIMEOUT_SECONDS: integer(
    1,
    3600,
  )({ default: 30, desc: 'how long a request may take to arrive, its body included, seconds; then 408' }),
  RATE_LIMIT_GENERATE: integer(
    0,
    1_000_000,
  )({
    default: undefined,
    desc:
      'generate requests (or items) a minute, per key, else per address; 0: ' +
      'no limit (default 60 when auth is required, else 0)',
  }),
  RATE_LIMIT_POLL: integer(
    0,
    1_000_000,
  )({
    default: undefined,
    desc: 'looks at jobs a minute, per key, else per address; 0: no limit (default 600 when auth is required, else 0)',
  }),
  RATE_LIMIT_READ: integer(
    0,
    1_000_000,
  )({
    default: undefined,
    desc:
      'reads of films and people a minute, per key, else per address; 0: ' +
      'no limit (default 600 when auth is required, else 0)',
  }),
  MAX_UNFINISHED_JOBS: integer(
    0,
    100_000_000,
  )({ default: 10_000, desc: 'unfinished jobs a key may have at a time; 0: no limit' }),
  MAX_EVENT_STREAMS: integer(
    1,
    1_000_000,
  )({ default: 5000, desc: 'event streams a process keeps open at once; one more gets 503' }),
  MAX_EVENT_STREAMS_PER_CALLER: integer(
    0,
    1_000_000,
  )({
    default: undefined,
    desc: 'event streams of one key, else address; 0: no limit (default 1000 when auth is required, else 0)',
  }),
  WEBHOOK_ALLOW_PRIVATE: bool({
    default: false,
    desc: 'whether webhooks may go to private addresses and over plain http; for local work',
  }),
  WEBHOOK_TIMEOUT_MS: integer(
    100,
    60_000,
  )({ default: 15_000, desc: 'longest attempt to deliver a webhook, milliseconds' }),
  WEBHOOK_BACKOFF_MS: integer(
    1,
    60_000,
  )({
    default: 5000,
    desc:
      'wait after the first failed attempt of a webhook, milliseconds; grows to 7200 times that (5 s: ' +
      'a day in all)',
  }),
  LOG_LEVEL: str({ choices: LOG_LEVELS, default: 'info', desc: 'least level that is logged' }),
  ...TRACES_SETTINGS,
};

/** One setting, as `--help` and docs/settings.md show it. */
export interface SettingHelp {
  name: string;
  desc: string;
  /** The values it takes: words, or a range; missing: the description says it. */
  values?: string;
  /** Missing: there is no default, or the description says it. */
  fallback?: string;
}

/** The settings above, in their order. */
export const SETTINGS_HELP: SettingHelp[] = Object.entries(SETTINGS).map(([name, spec]: [string, Spec<unknown>]) => ({
  name,
  desc: SECRETS.includes(name) ? `${spec.desc!}; or ${name}_FILE, a file with it` : spec.desc!,
  values: spec.choices?.join('|') ?? spec.example,
  fallback: spec.default === undefined || spec.default === '' ? undefined : String(spec.default as unknown),
}));

const WIDTH = Math.max(...SETTINGS_HELP.map(({ name }) => name.length)) + 1;

/** The text of `--help`. */
export function settingsHelp(): string {
  const lines = SETTINGS_HELP.map(({ name, desc, values, fallback }) =>
    [`  ${name.padEnd(WIDTH)}${desc}`, values && `[${values}]`, fallback && `(default ${fallback})`]
      .filter(Boolean)
      .join(' '),
  );
  const where = 'settings are environment variables, or lines NAME=value of a file .env in this folder';
  return `MovieMind. Start it with npm start; ${where}:\n\n${lines.join('\n')}`;
}

/** The settings of the process, checked and completed. Built once; injected everywhere. */
export class Config {
  /** `null`: it does not listen. */
  readonly port: number | null;
  readonly host: string;
  readonly role: (typeof ROLES)[number];
  /** `null`: the embedded PostgreSQL in {@link dataDir}. */
  databaseUrl: string | null;
  /** The same database past a pooler; `null`: there is no other way. */
  directUrl: string | null;
  /** A standby for reads; `null`: there is none. */
  readUrl: string | null;
  readonly embedded: boolean;
  readonly poolSize: number;
  readonly readPoolSize: number;
  readonly dataDir: string;
  readonly queueConnection: (typeof QUEUE_CONNECTIONS)[number];
  readonly queuePrefix: string;
  /** `null`: there is no Redis, and so no status cache. */
  readonly redis: RedisConfig | null;
  readonly aiService: (typeof AI_SERVICES)[number];
  /** `model`: the one that is preferred, the first of `models`. */
  readonly openai: { apiKey: string; baseUrl?: string; model: string; models: string[]; timeoutMs: number };
  /** Bounds of all workers together; 0: none. */
  readonly fleet: { calls: number; tokensPerMinute: number };
  /** Of the models that have one. */
  readonly prices: Prices;
  /** Tokens of all jobs together; 0: no bound. */
  readonly dailyTokens: number;
  readonly mockLatencyMs: number;
  /** The versions of the prompts that jobs are asked with. */
  readonly prompts: PromptChoice;
  /** Where facts are looked up; `null`: the model tells them. */
  readonly tmdb: { apiKey: string; baseUrl: string } | null;
  readonly tries: number;
  readonly backoffMs: number;
  readonly workerConcurrency: number;
  readonly leaseMs: number;
  readonly statusTtlSeconds: number;
  readonly retentionDays: number;
  readonly adminToken: string | null;
  /** The one before, while it is exchanged. */
  readonly adminTokenPrevious: string | null;
  /**
   * The key that commands of the same DATA_DIR send, made at each start on the embedded database; missing: no key is
   * accepted this way.
   */
  residentToken?: string;
  /**
   * It answers the requests of one command, beside the servers and workers of the deployment. So it fills no queue,
   * repairs nothing and migrates nothing: what it knows of their settings may be wrong.
   */
  passive = false;
  readonly authRequired: boolean;
  /** AUTH_REQUIRED=false was set explicitly, which deserves a warning. */
  readonly authWaived: boolean;
  /** Names that Host and Origin may contain besides this machine, where no key is needed. */
  readonly hostsAllowed: string[];
  /** Sites whose pages may call the API from a browser, as browsers spell them in Origin. */
  readonly corsOrigins: string[];
  readonly publicReads: boolean;
  readonly trustedProxies: string[];
  /** Begins with a slash and ends without one; empty: the root. */
  readonly basePath: string;
  readonly keepAliveMs: number;
  readonly requestTimeoutMs: number;
  /** Requests per minute; 0: no limit. */
  readonly rateLimits: { generate: number; poll: number; read: number };
  /** Of a request that does not say. */
  readonly ifExists: (typeof IF_EXISTS)[number];
  /** What texts can be asked for in. */
  readonly locales: Locale[];
  readonly tones: readonly Tone[];
  /** Per key; 0: no limit. */
  readonly maxUnfinishedJobs: number;
  readonly webhooks: { allowPrivate: boolean; timeoutMs: number; backoffMs: number };
  readonly maxEventStreams: number;
  /** 0: no limit. */
  readonly maxEventStreamsPerCaller: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** `null`: no traces. */
  readonly traces: TracesConfig | null;
  /** A line for each setting without effect; logged at the start. */
  readonly advice: string[];

  /**
   * An empty variable counts as unset.
   * @param fromFile names that the file .env set
   * @throws ConfigError with one line for the first wrong setting
   */
  constructor(environment: NodeJS.ProcessEnv, fromFile: string[] = []) {
    const settings = given(environment);
    const env = clean(settings);
    this.role = env.ROLE;
    this.port = env.ROLE === 'worker' ? (env.WORKER_PORT ?? null) : env.PORT;
    const addressOf = (name: (typeof DATABASE_URLS)[number]) =>
      env.DATABASE_URL && env[name] ? withPassword(env[name], env.DATABASE_PASSWORD, name) : null;
    this.databaseUrl = addressOf('DATABASE_URL');
    this.directUrl = addressOf('DATABASE_DIRECT_URL');
    this.readUrl = addressOf('DATABASE_READ_URL');
    this.embedded = this.databaseUrl === null;
    this.poolSize = env.DATABASE_POOL_SIZE;
    this.readPoolSize = env.DATABASE_READ_POOL_SIZE;
    this.dataDir = env.DATA_DIR;
    this.redis = redisOf(env);
    this.queueConnection = env.QUEUE_CONNECTION ?? (this.redis ? 'redis' : 'database');
    this.queuePrefix = env.QUEUE_PREFIX;
    this.aiService = env.AI_SERVICE ?? (env.OPENAI_API_KEY || env.OPENAI_BASE_URL ? 'openai' : 'mock');
    this.openai = {
      apiKey: env.OPENAI_API_KEY ?? '',
      baseUrl: env.OPENAI_BASE_URL,
      model: env.OPENAI_MODEL[0]!,
      models: env.OPENAI_MODEL,
      timeoutMs: env.OPENAI_TIMEOUT_MS,
    };
    this.fleet = { calls: env.MODEL_CONCURRENCY, tokensPerMinute: env.MODEL_TOKENS_PER_MINUTE };
    this.prices = env.MODEL_PRICES ?? new Map();
    this.dailyTokens = env.DAILY_TOKEN_BUDGET;
    this.mockLatencyMs = env.MOCK_LATENCY_MS;
    this.prompts = { version: env.PROMPT_VERSION, canary: env.PROMPT_CANARY ?? null };
    this.tmdb = env.FACTS_PROVIDER === 'tmdb' ? { apiKey: env.TMDB_API_KEY ?? '', baseUrl: env.TMDB_BASE_URL } : null;
    this.tries = env.GENERATION_TRIES;
    this.backoffMs = env.GENERATION_BACKOFF_MS;
    this.workerConcurrency = env.WORKER_CONCURRENCY;
    this.leaseMs = env.JOB_LEASE_MS;
    this.statusTtlSeconds = env.JOB_STATUS_TTL_SECONDS;
    this.retentionDays = env.JOB_RETENTION_DAYS;
    this.adminToken = env.ADMIN_TOKEN ?? null;
    this.adminTokenPrevious = env.ADMIN_TOKEN_PREVIOUS ?? null;
    // When other machines can reach the server, AUTH_REQUIRED must be set explicitly: otherwise everybody on the
    // network could call it.
    const reached = env.HOST !== undefined && !isLoopback(env.HOST);
    this.authRequired = env.AUTH_REQUIRED ?? (reached || !this.embedded);
    this.authWaived = env.AUTH_REQUIRED === false;
    this.hostsAllowed = env.HOST_ALLOWED ?? [];
    this.corsOrigins = env.CORS_ORIGINS ?? [];
    this.publicReads = env.PUBLIC_READS;
    this.trustedProxies = env.TRUSTED_PROXIES ?? [];
    this.basePath = env.BASE_PATH;
    this.keepAliveMs = env.KEEP_ALIVE_SECONDS * 1000;
    this.requestTimeoutMs = env.REQUEST_TIMEOUT_SECONDS * 1000;
    this.rateLimits = {
      generate: env.RATE_LIMIT_GENERATE ?? (this.authRequired ? 60 : 0),
      poll: env.RATE_LIMIT_POLL ?? (this.authRequired ? 600 : 0),
      read: env.RATE_LIMIT_READ ?? (this.authRequired ? 600 : 0),
    };
    this.ifExists = env.DEFAULT_IF_EXISTS;
    this.locales = env.LOCALES ?? ALL_LOCALES;
    this.tones = env.TONES_FILE ?? BUILT_IN;
    this.maxUnfinishedJobs = env.MAX_UNFINISHED_JOBS;
    this.maxEventStreams = env.MAX_EVENT_STREAMS;
    this.maxEventStreamsPerCaller = env.MAX_EVENT_STREAMS_PER_CALLER ?? (this.authRequired ? 1000 : 0);
    this.webhooks = {
      allowPrivate: env.WEBHOOK_ALLOW_PRIVATE,
      timeoutMs: env.WEBHOOK_TIMEOUT_MS,
      backoffMs: env.WEBHOOK_BACKOFF_MS,
    };
    this.logLevel = env.LOG_LEVEL;
    this.host = env.HOST ?? (this.authRequired && this.servesHttp ? '0.0.0.0' : '127.0.0.1');
    this.refuseContradictions();
    const databases = DATABASE_URLS.flatMap((name) => env[name] ?? []);
    const ownPasswords = {
      database: databases.length > 0 && databases.every(hasPassword),
      redis: hasPassword(env.REDIS_URL ?? ''),
    };
    const { traces, advice } = tracesOf(settings);
    this.traces = traces;
    this.advice = [...adviceOn(settings, { ...this, ownPasswords }, Object.keys(SETTINGS), fromFile), ...advice];
  }

  /** The names of the models that write the texts, in the order in which they are preferred. */
  get models(): string[] {
    return this.aiService === 'mock' ? [MOCK_MODEL] : this.openai.models;
  }

  /** Where sessions are kept, if there is such a way: for LISTEN, migrations and dumps. */
  get listenUrl(): string {
    return this.directUrl ?? this.databaseUrl!;
  }

  /** The whole API; a worker tells at most how it is. */
  get servesHttp(): boolean {
    return this.role !== 'worker';
  }

  get runsJobs(): boolean {
    return this.role !== 'api';
  }

  private refuseContradictions(): void {
    if (this.queueConnection === 'redis' && !this.redis) {
      throw new ConfigError('QUEUE_CONNECTION=redis needs REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER_NODES');
    }
    if (this.aiService === 'openai' && !this.openai.apiKey && !this.openai.baseUrl) {
      throw new ConfigError('AI_SERVICE=openai needs OPENAI_API_KEY (or OPENAI_BASE_URL of a service without keys)');
    }
    const { version, canary: other } = this.prompts;
    if (other?.version === version)
      throw new ConfigError(`PROMPT_CANARY names ${version}, which all jobs take (PROMPT_VERSION): name another one`);
    if (this.tmdb?.apiKey === '' && this.runsJobs) throw new ConfigError('FACTS_PROVIDER=tmdb needs TMDB_API_KEY');
    for (const [name, token] of [
      ['ADMIN_TOKEN', this.adminToken],
      ['ADMIN_TOKEN_PREVIOUS', this.adminTokenPrevious],
    ] as const) {
      if (token !== null && token.length < 16)
        throw new ConfigError(`${name} takes at least 16 characters; try: openssl rand -hex 32`);
    }
    if (this.adminTokenPrevious !== null && this.adminToken === null)
      throw new ConfigError('ADMIN_TOKEN_PREVIOUS needs ADMIN_TOKEN, the one that takes its place');
    if (this.embedded && this.role !== 'all') {
      throw new ConfigError(`ROLE=${this.role} needs DATABASE_URL: the embedded PostgreSQL serves one process`);
    }
  }
}

const isLoopback = (host: string) => ['localhost', '::1'].includes(host) || (isIPv4(host) && host.startsWith('127.'));

function clean(settings: Record<string, string>) {
  return cleanEnv(settings, SETTINGS, {
    reporter: ({ errors }) => {
      const [first] = Object.entries(errors);
      if (!first) return;
      throw new ConfigError(`${first[0]}: ${first[1]?.message}`);
    },
  });
}
