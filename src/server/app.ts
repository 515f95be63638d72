import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { DataSource } from 'typeorm';
import { AccessModule } from '../access/access.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { BatchesModule } from '../batches/batches.module.js';
import { HealthModule } from '../health/health.module.js';
import { RedisModule } from '../redis/redis.module.js';
import { UpkeepModule } from '../upkeep/upkeep.module.js';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { WorkerModule } from '../worker/worker.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { directRoutes } from './direct-routes.js';
import { servePageFiles } from './page.js';
import { Shutdown } from './shutdown.js';
import { KIND_FOLDERS } from './kind-folders.js';
import { AdminModule } from '../admin/admin.module.js';
import { serveBoard } from '../admin/board.js';
import { Config } from '../config/config.js';
import { type LogTarget, PinoLogger } from '../config/logger.js';
import { DatabaseModule } from '../database/database.module.js';
import { ENTITIES } from '../domain/kinds.js';
import { PIPELINED } from '../database/connection.js';
import { dataSourceOptions, patientStart } from './data-source.js';
import { Loops } from '../timing/loops.js';
import { settled } from '../timing/within.js';
import { atOnce, withPayload } from '../http/hooks.js';
import { Addresses } from '../http/addresses.js';
import { checkAddress, checkHost } from '../http/address.js';
import { CrossOrigin } from '../http/cross-origin.js';
import { DoorGuard } from '../access/door.guard.js';
import { addressReader, linkedBelow, prefixOf } from '../http/base-path.js';
import { deferBodies, discardUnread } from '../http/body.guard.js';
import { Draining } from '../http/draining.js';
import { BODY_LIMIT, notFound } from '../http/problem.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { trustIn } from '../http/proxies.js';
import { requestIdOf } from '../http/request-id.js';
import { traceRequest } from '../http/server-span.js';
import { traceparentOf } from '../http/trace.js';
import { RootController } from './root.controller.js';
import { refuseForeign } from '../access/trusted-hosts.js';
import { securityHeaders } from '../http/security-headers.js';
import { UnreadableRequests } from '../http/unreadable.js';
import { validation } from '../http/validation.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { Metrics } from '../metrics/metrics.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { openApiDocument, serveOpenApi } from './openapi.js';
import { QueueConnections } from '../queue/queue-connections.js';
import { NO_TRACES, openTracing, Tracing } from '../tracing/tracing.js';
import { processorOf, WebhooksProcessor } from '../worker/processors.js';

@Module({})
class ConfigModule {}

@Module({})
class AppModule {
  /** One application for every role. The role decides whether it has processors and whether it listens. */
  static for(config: Config, tracing: Tracing): DynamicModule {
    return {
      module: AppModule,
      imports: [
        {
          module: ConfigModule,
          global: true,
          providers: [{ provide: Config, useValue: config }, { provide: Tracing, useValue: tracing }, Loops],
          exports: [Config, Tracing, Loops],
        },
        TypeOrmModule.forRoot({
          ...dataSourceOptions(config.databaseUrl!),
          poolSize: config.poolSize,
          extra: PIPELINED,
          ...patientStart,
        }),
        DatabaseModule,
        RedisModule,
        AccessModule,
        JobsModule,
        BatchesModule,
        CatalogModule,
        WebhooksModule,
        ...Object.values(KIND_FOLDERS).map(({ routes }) => routes()),
        QueueModule,
        WorkerModule,
        UpkeepModule,
        HealthModule,
        MetricsModule,
        AdminModule,
      ],
      controllers: [RootController],
      providers: [
        Shutdown,
        Draining,
        ...(config.runsJobs
          ? [...ENTITIES.map((entity) => processorOf(entity, KIND_FOLDERS[entity].kind)), WebhooksProcessor]
          : []),
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useExisting: DoorGuard },
      ],
    };
  }
}

/** Builds the application, ready to listen (`ROLE=worker`: to work). The database must be migrated. */
export async function createApp(config: Config, logTo: LogTarget = process.stdout): Promise<NestFastifyApplication> {
  const logger = new PinoLogger(config.logLevel, logTo);
  const sites = new CrossOrigin(config.corsOrigins);
  const unreadable = new UnreadableRequests(sites);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config, await openTracing(config)),
    adapterFor(config, unreadable, sites),
    {
      logger,
      bodyParser: false,
      abortOnError: false,
    },
  );
  unreadable.watch(app.getHttpAdapter().getInstance());
  await configureHttp(app, sites);
  serveOpenApi(app);
  if (config.servesHttp) {
    await serveBoard(app);
    await servePageFiles(app);
  }
  return app;
}

/** The OpenAPI document as such an application serves it, made without a database, a queue or a port. */
export async function describeApp(): Promise<OpenAPIObject> {
  const config = new Config({ DATABASE_URL: 'postgres://nowhere', QUEUE_CONNECTION: 'database', ROLE: 'api' });
  const options = { logger: false, preview: true } as const;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.for(config, NO_TRACES),
    new FastifyAdapter(),
    options,
  );
  return openApiDocument(app);
}

/** Closing the sessions of PostgreSQL takes no longer than this, milliseconds; the rest is left to PostgreSQL. */
const LEAVE_WITHIN_MS = 100;
/** The last spans have so long to reach the collector, milliseconds; then they are dropped. */
const FLUSH_WITHIN_MS = 1000;

/**
 * Ends everything in order, each step within a bound of its own, two seconds in all, and one more for traces:
 * 1. clients that wait for news get their answers;
 * 2. jobs are handed back and the loops end (shutdown.ts);
 * 3. open requests are answered (draining.ts);
 * 4. the connections to database and queue close;
 * 5. the last traces are sent.
 */
export async function closeApp(app: NestFastifyApplication): Promise<void> {
  const connections = app.get(QueueConnections);
  const db = app.get(DataSource);
  const destroy = db.destroy.bind(db);
  db.destroy = async () => void (await settled(LEAVE_WITHIN_MS, destroy()));
  const tracing = app.get(Tracing);
  await app.close();
  await connections.close();
  await settled(FLUSH_WITHIN_MS, tracing.close());
}

/** Probes name the machine as their network does. What they are told is whether it is up. */
const PROBES = /^\/health\/(live|ready)(\?|$)/;
/** All that a worker answers. */
const OF_WORKERS = /^\/(health\/(live|ready)|metrics)(\?|$)/;
const notHere = () => notFound('This process is a worker (ROLE=worker): ask an API.');

/** How often requests that arrive too slowly are looked for, milliseconds. */
const LOOK_MS = 1000;

function adapterFor(config: Config, unreadable: UnreadableRequests, sites: CrossOrigin): FastifyAdapter {
  const filter = new ProblemFilter();
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    http: {
      // Node would refuse a request without Host silently; checkHost answers with a problem.
      requireHostHeader: false,
      headersTimeout: config.requestTimeoutMs,
      requestTimeout: config.requestTimeoutMs,
      connectionsCheckingInterval: LOOK_MS,
    },
    requestTimeout: config.requestTimeoutMs,
    // Node announces this time and closes a second later, so that a request on its way still finds the connection open.
    keepAliveTimeout: config.keepAliveMs,
    rewriteUrl: addressReader(config),
    genReqId: requestIdOf,
    requestIdHeader: false,
    // Requests on connections that are still open while the server closes are served, not refused.
    return503OnClosing: false,
    trustProxy: config.trustedProxies.length > 0 && trustIn(config.trustedProxies),
    routerOptions: { maxParamLength: 300 },
    // A failure before a route is found gets its problem document too.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      filter.answer(error, request, reply.headers(sites.headersFor(request))),
    clientErrorHandler(this: FastifyInstance, error: Error, socket: Socket) {
      unreadable.answer(error, socket, this);
    },
  } as never);
}

async function configureHttp(app: NestFastifyApplication, sites: CrossOrigin): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  const config = app.get(Config);
  // Node would answer 417 without a body to an unknown expectation. The server may ignore it (RFC 9110).
  fastify.server.on('checkExpectation', (...exchange) => fastify.server.emit('request', ...exchange));
  deferBodies(fastify);
  const addresses = new Addresses();
  const pipe = validation();
  const direct = directRoutes(app, pipe);
  fastify.addHook('onRoute', (route) => {
    addresses.add(route);
    route.handler = direct.get(`${String(route.method)} ${route.url}`) ?? route.handler;
    const { bodyLimit } = (route.config ?? {}) as { bodyLimit?: number };
    if (bodyLimit) route.bodyLimit = bodyLimit;
  });
  const security = securityHeaders();
  const metrics = app.get(Metrics);
  const draining = app.get(Draining);
  draining.watch(fastify);
  const tracing = app.get(Tracing);
  if (tracing.isOn)
    fastify.addHook(
      'onRequest',
      atOnce((request, reply) => traceRequest(tracing, request, reply)),
    );
  fastify.addHook(
    'onRequest',
    atOnce((request, reply) => {
      void reply.headers(security).header('x-request-id', request.id).header('traceparent', traceparentOf(request));
      void reply.headers(sites.headersFor(request));
      checkAddress(request.url);
      checkHost(request);
      if (!config.servesHttp && !OF_WORKERS.test(request.url)) throw notHere();
      if (!PROBES.test(request.url)) refuseForeign(request, config);
      return sites.answer(request, reply) ?? addresses.answer(request, reply);
    }),
  );
  fastify.addHook(
    'preSerialization',
    withPayload((request, _, body) => linkedBelow(prefixOf(request), body)),
  );
  fastify.addHook(
    'onSend',
    withPayload((request, reply, body) => {
      discardUnread(request);
      draining.closeAfter(reply);
      const location = reply.getHeader('location');
      if (typeof location === 'string' && location.startsWith('/'))
        void reply.header('location', prefixOf(request) + location);
      return body;
    }),
  );
  fastify.addHook(
    'onResponse',
    atOnce((request, reply) => metrics.observe(request, reply)),
  );
  app.useGlobalPipes(pipe);
}
