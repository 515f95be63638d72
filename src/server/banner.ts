import { version } from 'moviemind-command/node.js';
import pg from 'pg';
import type { Config } from '../config/config.js';
import { DEFAULT_PROMPT } from '../domain/prompt-versions.js';

/** The name of a fact, its value, and the setting that changes it. */
type Line = [name: string, value: string, change: string];

/** The message of a successful start: what is running, and what to do next. `fromFile`: settings that .env gave. */
export function banner(config: Config, url: string, fromFile: string[]): string {
  const lines: Line[] = [
    ['version', `${version} on Node ${process.versions.node}`, ''],
    ['address', addressLine(config, url), config.servesHttp ? 'PORT, HOST' : 'WORKER_PORT, HOST'],
    ...(config.servesHttp
      ? ([
          ['page', `${url}/ in a browser`, ''],
          ['docs', `${url}/docs`, ''],
        ] as Line[])
      : []),
    ['role', config.role, 'ROLE=all|api|worker'],
    ['database', databaseLine(config), 'DATABASE_URL'],
    ['queue', queueLine(config), 'REDIS_URL, QUEUE_CONNECTION=redis|database'],
    ...(config.runsJobs ? [['model', modelLine(config), 'OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL'] as Line] : []),
    ...(config.runsJobs ? promptLines(config) : []),
    ...(config.servesHttp ? [['auth', authLine(config), 'AUTH_REQUIRED, ADMIN_TOKEN'] as Line] : []),
    ...(fromFile.length > 0
      ? [['settings', `of .env: ${fromFile.join(', ')}`, '.env, or the environment, which wins'] as Line]
      : []),
  ];
  const width = Math.max(...lines.map(([, value]) => value.length));
  const table = lines.map(([name, value, change]) =>
    `  ${name.padEnd(9)} ${value.padEnd(width)}  ${change && `change: ${change}`}`.trimEnd(),
  );
  const stop = `Ctrl-C or kill ${process.pid} stops it, with all that it started.`;
  return ['', 'MovieMind is ready', ...table, '', ...firstRequest(config, url, fromFile), `  ${stop}`, ''].join('\n');
}

function addressLine({ servesHttp }: Config, url: string): string {
  if (servesHttp) return url;
  return url ? `${url} (ROLE=worker: /health/live, /health/ready, /metrics)` : 'none (ROLE=worker)';
}

function databaseLine({ embedded, dataDir, databaseUrl }: Config): string {
  if (embedded) return `embedded PostgreSQL in ${dataDir}`;
  // Parsed by the driver, which does not connect here.
  const { host, port, database } = new pg.Client({ connectionString: databaseUrl! });
  return host.startsWith('/')
    ? `PostgreSQL at ${host}, database ${database}`
    : `PostgreSQL at ${host}:${port}/${database}`;
}

function queueLine({ queueConnection }: Config): string {
  return queueConnection === 'database' ? 'BullMQ on PostgreSQL' : 'BullMQ on Redis';
}

function modelLine({ aiService, openai }: Config): string {
  if (aiService === 'mock') return 'mock (labelled placeholder texts)';
  const { origin, pathname } = new URL(openai.baseUrl ?? 'https://api.openai.com/');
  return `${openai.models.join(', ')} at ${openai.baseUrl ? origin + pathname : 'api.openai.com'}`;
}

/** What is the same everywhere needs no line. */
function promptLines({ prompts: { version, canary } }: Config): Line[] {
  if (version === DEFAULT_PROMPT && canary === null) return [];
  const other = canary ? `, and ${canary.version} for ${canary.percent} of 100 jobs` : '';
  return [['prompts', `${version}${other}`, 'PROMPT_VERSION, PROMPT_CANARY']];
}

function authLine({ authRequired, adminToken }: Config): string {
  if (!authRequired) return 'off: everybody who reaches the address may use it';
  return adminToken ? 'bearer key' : 'bearer key; to make one: npx moviemind keys create --help';
}

/** A first request, ready for a shell. It contains no key, because logs are kept and shown. */
function firstRequest(config: Config, url: string, fromFile: string[]): string[] {
  const { authRequired, adminToken, servesHttp } = config;
  if (!servesHttp) return [];
  // A setting from .env is in no variable of the shell, but the command reads .env too.
  const known = adminToken !== null && !fromFile.includes('ADMIN_TOKEN');
  const key = authRequired && !known ? ['  KEY=$(npx moviemind keys create --name first --scope generate)'] : [];
  const header = authRequired ? ` -H "authorization: Bearer $${known ? 'ADMIN_TOKEN' : 'KEY'}"` : '';
  const body = `-H 'content-type: application/json' -d '{"title":"The Matrix","release_year":1999}'`;
  return [...key, `  curl -X POST ${url}/movies/generate${header} ${body}`, ''];
}
