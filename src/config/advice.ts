import { closestMatch } from 'leven';
import type { RedisConfig } from './redis-config.js';

/** The settings that advice depends on. */
interface Advised {
  role: string;
  aiService: string;
  openai: { baseUrl?: string; models: string[] };
  prices: ReadonlyMap<string, unknown>;
  tmdb: object | null;
  redis: RedisConfig | null;
  embedded: boolean;
  authRequired: boolean;
  /** Whether the URLs of servers carry a password as they are given. */
  ownPasswords: { database: boolean; redis: boolean };
}

/** Settings that have no effect in some modes: when, and why. */
const WITHOUT_EFFECT: [names: string[], hasNoEffect: (config: Advised) => boolean, why: string][] = [
  [
    [
      'OPENAI_API_KEY',
      'OPENAI_BASE_URL',
      'OPENAI_MODEL',
      'OPENAI_TIMEOUT_MS',
      'MODEL_TOKENS_PER_MINUTE',
      'MODEL_PRICES',
    ],
    ({ aiService }) => aiService === 'mock',
    'the mock model writes the texts; for a real one set OPENAI_API_KEY or OPENAI_BASE_URL, and not AI_SERVICE=mock',
  ],
  [['TMDB_API_KEY', 'TMDB_BASE_URL'], ({ tmdb }) => tmdb === null, 'facts are not looked up (FACTS_PROVIDER=tmdb)'],
  [['MOCK_LATENCY_MS'], ({ aiService }) => aiService !== 'mock', 'the mock model is not used'],
  [
    ['REDIS_USERNAME', 'REDIS_PASSWORD'],
    ({ ownPasswords, redis, embedded }) => (redis ? ownPasswords.redis : !embedded),
    'REDIS_URL carries its own, or there is no Redis',
  ],
  [
    ['REDIS_DB'],
    ({ redis, embedded }) => (redis ? redis.kind === 'url' : !embedded),
    'for Sentinels alone; REDIS_URL carries its own: redis://user:password@host:6379/1',
  ],
  [
    ['DATABASE_DIRECT_URL', 'DATABASE_READ_URL'],
    ({ embedded }) => embedded,
    'DATABASE_URL is not set: this start has a PostgreSQL of its own',
  ],
  [['DATABASE_READ_URL'], ({ role }) => role === 'worker', 'workers read no films for clients'],
  [['DATABASE_PASSWORD'], ({ ownPasswords }) => ownPasswords.database, 'the URL of the database carries its own'],
  [
    ['REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD'],
    ({ redis }) => redis?.kind !== 'sentinel',
    'there are no Sentinels (REDIS_SENTINELS)',
  ],
  [['QUEUE_PREFIX', 'JOB_STATUS_TTL_SECONDS'], ({ redis }) => redis === null, 'there is no Redis (REDIS_URL)'],
  [['WORKER_PORT'], ({ role }) => role !== 'worker', 'it is for ROLE=worker; the others listen on PORT'],
  [['DATA_DIR'], ({ embedded }) => !embedded, 'the database of DATABASE_URL is used'],
  [['PUBLIC_READS'], ({ authRequired }) => !authRequired, 'nobody needs a key (AUTH_REQUIRED)'],
  [
    ['POSTGRES_PASSWORD', 'DATABASE_PASSWORD', 'REDIS_PASSWORD'],
    ({ embedded, redis }) => embedded && !redis,
    'docker compose alone uses them; this start has a PostgreSQL of its own and no Redis (DATABASE_URL, REDIS_URL)',
  ],
];

/**
 * Names that .env may contain for other programs: docker compose, the commands, the terminal, libraries.
 * NODE_ENV is set by custom.
 */
const FOR_OTHER_PROGRAMS = new RegExp(
  '^(COMPOSE|DOCKER|POSTGRES|MOVIEMIND|OTEL)_|^(BIND|APP_MEMORY|REDIS_(MEMORY|MAXMEMORY|IMAGE))$|' +
    '^(NODE_ENV|TZ|NO_COLOR|OPENAI_ORG_ID|OPENAI_PROJECT_ID)$',
);

/** OpenTelemetry's variables for logs, which are spelled almost as those for traces. */
const OF_LOGS = /^OTEL_BLRP_/;
/** Units at the end of a name, which users confuse. */
const UNIT = /_(MS|S|SECONDS|MINUTES|HOURS|DAYS)$/;
/** Shorter names resemble too many others. */
const MIN_LENGTH = 8;

/**
 * @param known names of all settings
 * @param fromFile names that the file .env set. That file is for this program, so each of its names should have an
 * effect.
 * @returns a line for each setting without effect, and for each name that nearly matches a setting
 */
export function adviceOn(
  settings: Record<string, string>,
  config: Advised,
  known: string[],
  fromFile: string[],
): string[] {
  const wrong = misspelt(settings, known);
  const others = fromFile.filter((name) => !known.includes(name) && !FOR_OTHER_PROGRAMS.test(name) && !(name in wrong));
  const told = [
    ...withoutEffect(settings, config),
    ...hostOfContainers(config),
    ...unpriced(config),
    ...exchanged(settings),
  ];
  return [...told, ...Object.values(wrong), ...unknown(others)];
}

/** Names in the file .env that no program here reads. */
function unknown(names: string[]): string[] {
  const ofNode = names.filter((name) => name.startsWith('NODE_'));
  const others = names.filter((name) => !ofNode.includes(name));
  const list = (some: string[]) => `${some.join(', ')} of .env ${some.length > 1 ? 'have' : 'has'} no effect`;
  return [
    ...(ofNode.length > 0 ? [`${list(ofNode)}: Node reads the environment alone, before it starts the program`] : []),
    ...(others.length > 0 ? [`${list(others)}: npm start -- --help lists the settings`] : []),
  ];
}

function withoutEffect(settings: Record<string, string>, config: Advised): string[] {
  return WITHOUT_EFFECT.filter(([, hasNoEffect]) => hasNoEffect(config)).flatMap(([names, , why]) => {
    const idle = names.filter((name) => name in settings);
    return idle.length === 0 ? [] : [`${idle.join(', ')} ${idle.length > 1 ? 'have' : 'has'} no effect: ${why}`];
  });
}

/** The embedded PostgreSQL never runs in a container, but docker compose may use the same .env. */
function hostOfContainers({ embedded, openai: { baseUrl } }: Advised): string[] {
  if (!embedded || !baseUrl || new URL(baseUrl).hostname !== 'host.docker.internal') return [];
  return ['OPENAI_BASE_URL: only containers know host.docker.internal; outside of them it is localhost'];
}

/** A name that is misspelt among the prices would be found in the bill alone. */
function unpriced({ aiService, prices, openai: { models } }: Advised): string[] {
  const others = models.filter((model) => !prices.has(model));
  if (aiService === 'mock' || prices.size === 0 || others.length === 0) return [];
  return [`MODEL_PRICES has no price of ${others.join(', ')}: what it costs is not known`];
}

/** A token that was to be accepted for a day is forgotten easily. */
function exchanged({ ADMIN_TOKEN_PREVIOUS: before, ADMIN_TOKEN: token }: Record<string, string>): string[] {
  if (before === undefined) return [];
  if (before === token) return ['ADMIN_TOKEN_PREVIOUS has no effect: it is ADMIN_TOKEN itself'];
  return ['ADMIN_TOKEN_PREVIOUS is accepted as well: take it away once everybody sends ADMIN_TOKEN'];
}

/** @returns a line for each misspelt name, by that name */
function misspelt(settings: Record<string, string>, known: string[]): Record<string, string> {
  const free = known.filter((name) => !(name in settings));
  const lines = Object.keys(settings).flatMap((name) => {
    const intended = known.includes(name) || OF_LOGS.test(name) ? undefined : nearest(name.toUpperCase(), free);
    return intended ? [[name, `${name} is no setting and has no effect: did you mean ${intended}?`] as const] : [];
  });
  return Object.fromEntries(lines);
}

function nearest(name: string, names: string[]): string | undefined {
  const letters = (text: string) => text.replace(UNIT, '').replaceAll('_', '');
  const same = names.find((other) => letters(other) === letters(name));
  if (same || name.length < MIN_LENGTH) return same;
  const words = name.split('_');
  const shortened =
    words.length > 1 ? names.find((other) => other.startsWith(`${name}_`) || omits(words, other)) : undefined;
  return closestMatch(name, names, { maxDistance: 2 }) ?? shortened;
}

/** Whether the name lacks only words in the middle: OPENAI_KEY. */
function omits(words: string[], other: string): boolean {
  const all = other.split('_');
  return words[0] === all[0] && words.at(-1) === all.at(-1) && words.every((word) => all.includes(word));
}
