import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { version } from 'moviemind-command/node.js';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeApp, createApp } from './app.js';
import { banner } from './banner.js';
import type { Config } from '../config/config.js';
import { migrate, unusable } from './data-source.js';
import { announce, withdraw } from '../embedded/residence.js';
import { requireUsable } from './schema-state.js';
import { examineReplica } from '../database/replica-start.js';
import { isDatabaseUnavailable } from '../database/sql.js';
import { StartError } from '../database/start-error.js';
import { RedisOwner } from '../upkeep/redis-owner.js';
import { RestoredLedger } from '../upkeep/restored-ledger.js';

/**
 * Bound of the whole stop, milliseconds. Every step has its own bound; this one covers the unforeseen. Docker kills
 * after ten seconds.
 */
const STOP_WITHIN_MS = 6000;

export interface RunningServer {
  app: NestFastifyApplication;
  /** Base URL; empty for a worker that does not listen. */
  url: string;
  stop: () => Promise<void>;
}

interface Start {
  /**
   * What to print on stdout: `fromFile` names the settings that .env gave. `false`: print nothing, log to stderr, and
   * do not announce the server: it serves one command only.
   */
  banner: false | { fromFile: string[] };
}

/** From settings to a server that answers (or a worker that works): database, migrations, application, port. */
export async function startServer(config: Config, { banner: output }: Start): Promise<RunningServer> {
  const postgres = config.embedded ? await embedded(config) : null;
  let app: NestFastifyApplication | undefined;
  const stop = async () => {
    if (postgres && output) withdraw(config.dataDir);
    if (app) await Promise.race([closeApp(app), sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    await postgres?.stop();
  };
  try {
    if (postgres) config.databaseUrl = await postgres.start();
    await (config.passive ? requireUsable(config) : migrate(config));
    if (config.readUrl && config.servesHttp) await examineReplica(config.readUrl, config.databaseUrl!);
    if (postgres && output) config.residentToken = randomBytes(32).toString('base64url');
    app = await createApp(config, output ? process.stdout : process.stderr);
    if (!config.passive) {
      await app.get(RedisOwner).refuseForeign();
      await app.get(RestoredLedger).atStart();
    }
    const url = config.port === null ? await work(app) : await listen(app, config, config.port);
    if (config.residentToken) announce(config.dataDir, residentOf(url, config.residentToken));
    const logger = new Logger('Settings');
    for (const line of config.advice) logger.warn(line);
    if (output) tell(config, url, output);
    return { app, url, stop };
  } catch (error) {
    await stop();
    throw isDatabaseUnavailable(error) ? unusable(error) : error;
  }
}

/** To people and, as a line of the log, to what collects lines. */
function tell(config: Config, url: string, { fromFile }: { fromFile: string[] }): void {
  const { role, queueConnection: queue } = config;
  new Logger('Start').log({ msg: 'started', version, node: process.versions.node, role, queue });
  console.log(banner(config, url, fromFile));
}

async function embedded({ dataDir }: Config) {
  const { EmbeddedPostgres } = await import('../embedded/embedded-postgres.js');
  return new EmbeddedPostgres(dataDir);
}

/** `localhost` may be two addresses, and another program may listen on the other one. */
const residentOf = (url: string, token: string) => ({
  url: url.replace('//localhost:', '//127.0.0.1:'),
  pid: process.pid,
  token,
});

async function listen(app: NestFastifyApplication, { host, servesHttp }: Config, port: number): Promise<string> {
  const setting = servesHttp ? 'PORT' : 'WORKER_PORT';
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new StartError(`port ${port} is in use: stop what listens there or set ${setting}`);
    if (code === 'EACCES') throw new StartError(`port ${port} needs privileges: set ${setting} above 1023`);
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
