import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { version } from 'moviemind-command/node.js';
import { Config } from '../config/config.js';
import { PageDto } from '../catalog/reading.dto.js';
import { ROWS } from '../domain/kinds.js';
import { MovieSummaryDto } from '../movies/movies.dto.js';
import { PersonSummaryDto } from '../people/people.dto.js';
import { FieldError, Problem } from '../http/problem.js';
import { asOpenApi30 } from './openapi-3.0.js';
import { completed } from './openapi-completed.js';
import { withClientNames } from './openapi-schemas.js';
import { withRequiredKeys, placeOf, withVisibleSamples, servedAt } from './openapi-served.js';
import { shared } from './openapi-shared.js';
import { BatchMessageDto, WebhookMessageDto } from '../webhooks/webhooks.dto.js';

const DESCRIPTION = `Writes original descriptions of films and biographies of people with a language model.

Ask with ${ROWS.map(({ path }) => `\`POST /${path}/generate\``).join(' or ')}.
The answer 202 carries a job, which is committed.
Poll \`GET /jobs/{id}\` until its status is DONE, then read \`links.result\`.
With \`webhook_url\` the server sends you a message instead: see Webhooks.
A body has at most 32 fields an object, 1000 entries a list and 20000 values in all.
Every error is \`application/problem+json\` (RFC 9457); every answer carries \`X-Request-Id\` and \`traceparent\`.

Every address that answers GET also answers HEAD, and every address answers OPTIONS with \`Allow\`.
A known address with another method is answered 405 with \`Allow\`.
Another spelling of an address (a slash at its end, a double slash, upper case) is answered 308 to the right one.
Pages of the sites in CORS_ORIGINS may call all of it from a browser, /admin excepted.
A request that takes longer than REQUEST_TIMEOUT_SECONDS to arrive is answered 408.`;

const SCOPES_DESCRIPTION =
  'A key that the operator makes. The roles named at each operation are scopes: ' +
  'the key needs one of those sets, or scope admin. See AUTH_REQUIRED.';

/** The script from which the page takes the document. */
const PAGE = /^[^?]*swagger-ui-init\.js/;

/**
 * Serves OpenAPI 3.1 at /openapi.json, and at /docs its page with its own assets. They are open to everybody: no guard
 * applies.
 */
export function serveOpenApi(app: NestFastifyApplication): void {
  const config = app.get(Config);
  SwaggerModule.setup('docs', app, () => withRequiredKeys(described(app), config), {
    jsonDocumentUrl: '/openapi.json',
    yamlDocumentUrl: '/openapi.yaml',
    customSiteTitle: 'MovieMind API',
    swaggerOptions: { validatorUrl: null }, // otherwise the page sends this server's address to validator.swagger.io
    patchDocumentOnRequest: (request, _, document) => {
      const served = servedAt(document, placeOf(request as FastifyRequest));
      return PAGE.test((request as FastifyRequest).url) ? withVisibleSamples(served) : served;
    },
  });
  const fastify = app.getHttpAdapter().getInstance();
  let document: OpenAPIObject | undefined;
  fastify.get('/openapi-3.0.json', async (request, reply) => {
    document ??= withRequiredKeys(described(app), config);
    return reply.type('application/json').send(JSON.stringify(asOpenApi30(servedAt(document, placeOf(request)))));
  });
}

/** The document for clients, with every key that may be required, so that it does not depend on the settings. */
export const openApiDocument = (app: NestFastifyApplication): OpenAPIObject =>
  servedAt(described(app), { host: 'localhost:3000', prefix: '' });

function described(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder();
  for (const { path, about } of ROWS) builder.addTag(path, about);
  const config = builder
    .setOpenAPIVersion('3.1.1')
    .setTitle('MovieMind')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addTag('access', 'Who asks, and what it may')
    .addTag('jobs', 'What was asked for and how far it is')
    .addTag('webhooks', 'Signed messages about jobs, after Standard Webhooks')
    .addTag('admin', 'For operators; always with a key of scope admin')
    .addTag('health', 'For load balancers, orchestrators and monitoring')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: SCOPES_DESCRIPTION })
    .build();
  const declared = SwaggerModule.createDocument(app, config, {
    extraModels: [Problem, FieldError, WebhookMessageDto, BatchMessageDto, PageDto, MovieSummaryDto, PersonSummaryDto],
  });
  return shared(withClientNames(completed(declared)));
}
