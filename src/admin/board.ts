import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthGuard } from '../access/auth.guard.js';
import { pathOf, prefixOf } from '../http/base-path.js';
import { documentOf, ProblemException, unauthorized } from '../http/problem.js';
import { refuseForeignPage } from '../access/trusted-hosts.js';
import { within } from '../timing/within.js';
import { type Producers, PRODUCERS } from '../domain/queues.js';

const PATH = '/admin/board';
/** A queue that does not answer within this time counts as away, milliseconds. */
const PATIENCE_MS = 3000;
/**
 * The page loads fonts from another host. The Content-Security-Policy would refuse them, and the page works without.
 */
const FOREIGN_FONTS = /<link href="https:[^>]*>\s*/g;
/** The page's base address, which needs the prefix of a proxy. */
const PAGE_BASE = /(<base href=")(\/admin\/board)/;

type Routes = Parameters<FastifyAdapter['setApiRoutes']>[0];

/**
 * The board, read-only. The routes that change anything do not exist, for two reasons:
 * - its buttons would retry, promote or delete jobs behind the ledger, which would undo the change;
 * - a browser sends a stored password whichever page makes the request.
 */
class ReadOnlyAdapter extends FastifyAdapter {
  override setApiRoutes(routes: Routes): FastifyAdapter {
    const reading = routes.filter(({ method }) => method === 'get');
    return super.setApiRoutes(
      reading.map((route) => ({
        ...route,
        handler: (request) => within(PATIENCE_MS, Promise.resolve(route.handler(request))),
      })),
    );
  }
}

/** The queue's dashboard at /admin/board. A browser asks for the key as a password, with any user name. */
export async function serveBoard(app: NestFastifyApplication): Promise<void> {
  const adapter = new ReadOnlyAdapter();
  const producers = app.get<Producers>(PRODUCERS);
  createBullBoard({
    queues: Object.values(producers).map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter as never, // the package brings a copy of these types, one release older
    options: { uiConfig: { boardTitle: 'MovieMind' } },
  });
  adapter.setBasePath(PATH).setErrorHandler(failureOf);
  const guard = app.get(AuthGuard);
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(
    async (scope) => {
      scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
        refuseForeignPage(request);
        asBearer(request);
        return (await guard.isOperator(request)) ? undefined : askForPassword(request, reply);
      });
      scope.addHook('onSend', async (request, reply, payload) => {
        void reply.header('cache-control', 'no-store');
        if (typeof payload !== 'string') return payload;
        return payload.replace(FOREIGN_FONTS, '').replace(PAGE_BASE, `$1${prefixOf(request)}$2`);
      });
      await scope.register(adapter.registerPlugin());
    },
    { prefix: PATH },
  );
}

/** An error counts as "the queue is away" unless the request itself was wrong; the page shows the message. */
function failureOf(error: Error) {
  const wrong = error instanceof ProblemException ? error.getStatus() : (error as { statusCode?: number }).statusCode;
  const message = wrong ? error.message : `The queue does not answer: ${error.message}`;
  return { status: (wrong ?? 503) as never, body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' }, message } };
}

/** Browsers send the password as Basic; the password is the key. */
function asBearer({ headers }: FastifyRequest): void {
  const [, encoded] = /^Basic ([\w+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (!encoded) return;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  headers.authorization = `Bearer ${password}`;
}

function askForPassword(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = unauthorized();
  return reply
    .code(problem.getStatus())
    .header(
      'www-authenticate',
      'Basic realm="MovieMind operators: any name, the admin key as password", charset="UTF-8"',
    )
    .type('application/problem+json')
    .send(JSON.stringify(documentOf(problem, pathOf(request), request.id)));
}
