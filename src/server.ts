import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeApp, createApp } from './app.js';
import type { Config } from './config/config.js';
import { migrate, unusable } from './database/data-source.js';
import { EmbeddedPostgres } from './database/embedded-postgres.js';
import { isDatabaseUnavailable } from './database/sql.js';
import { StartError } from './database/start-error.js';

/** Every step has its bound; this one holds for what nobody thought of, milliseconds. Docker kills after ten seconds. */
const STOP_WITHIN_MS = 6000;

export interface RunningServer {
  app: NestFastifyApplication;
  /** Base URL; empty for `ROLE=worker`, which does not listen. */
  url: string;
  stop: () => Promise<void>;
}

/** From settings to a server that answers (or a worker that works): database, migrations, application, port. */
export async function startServer(config: Config, { banner }: { banner: boolean }): Promise<RunningServer> {
  const postgres = config.embedded ? new EmbeddedPostgres(config.dataDir) : null;
  let app: NestFastifyApplication | undefined;
  const stop = async () => {
    if (app) await Promise.race([closeApp(app), sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    await postgres?.stop();
  };
  try {
    if (postgres) config.databaseUrl = await postgres.start();
    await migrate(config);
    app = await createApp(config);
    const url = config.servesHttp ? await listen(app, config) : await work(app);
    if (banner) printBanner(config, url);
    return { app, url, stop };
  } catch (error) {
    await stop();
    throw isDatabaseUnavailable(error) ? unusable(error) : error;
  }
}

async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<string> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new StartError(`port ${port} is in use: stop what listens there or set PORT`);
    if (code === 'EACCES') throw new StartError(`port ${port} needs privileges: set PORT above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`HOST=${host} is no address of this machine`);
    throw error;
  }
  const address = app.getHttpServer().address() as { port: number };
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${address.port}`;
}

async function work(app: NestFastifyApplication): Promise<string> {
  await app.init();
  return '';
}

/** What, its value, and what to set to change it. */
type Line = [name: string, value: string, change: string];

function printBanner(config: Config, url: string): void {
  const database = config.embedded ? `embedded PostgreSQL in ${config.dataDir}` : withoutSecrets(config.databaseUrl!);
  const queue = config.queueConnection === 'database' ? 'BullMQ on PostgreSQL' : 'BullMQ on Redis';
  const model =
    config.aiService === 'mock'
      ? 'mock (labelled placeholder texts)'
      : `${config.openai.model} at ${config.openai.baseUrl ?? 'api.openai.com'}`;
  const lines: Line[] = [
    ['address', url || 'none (ROLE=worker)', 'PORT, HOST'],
    ...(url ? [['docs', `${url}/docs`, ''] as Line] : []),
    ['role', config.role, 'ROLE=all|api|worker'],
    ['database', database, 'DATABASE_URL'],
    ['queue', queue, 'REDIS_URL, QUEUE_CONNECTION=redis|database'],
    ['model', model, 'OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL'],
    ...(url ? [['auth', authLine(config), 'AUTH_REQUIRED, ADMIN_TOKEN'] as Line] : []),
  ];
  const width = Math.max(...lines.map(([, value]) => value.length));
  const table = lines.map(([name, value, change]) =>
    `  ${name.padEnd(9)} ${value.padEnd(width)}  ${change && `change: ${change}`}`.trimEnd(),
  );
  console.log(`\nMovieMind is ready\n${table.join('\n')}\n`);
}

function authLine({ authRequired, adminToken }: Config): string {
  if (!authRequired) return 'off: everybody who reaches the address may use it';
  return adminToken ? 'bearer key' : 'bearer key; to make one: npm run cli -- keys create --help';
}

function withoutSecrets(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `PostgreSQL at ${hostname}:${port || 5432}${pathname}`;
}
