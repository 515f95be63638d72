import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { FieldError, Problem } from './http/problem.js';
import { JobErrorDto, JobResultDto, JobUsageDto } from './jobs/jobs.dto.js';
import { TextDto } from './movies/movies.dto.js';

const DESCRIPTION = `Writes original descriptions of films and biographies of people with a language model, in the background.

Ask with \`POST /movies/generate\` or \`POST /people/generate\`; the answer 202 carries a job, committed and not lost any more.
Poll \`GET /jobs/{id}\` until its status is DONE, then read \`links.result\`.
Every error is \`application/problem+json\` (RFC 9457); every answer carries \`X-Request-Id\`.`;

/** OpenAPI 3.1 at /openapi.json, its page at /docs with assets from here. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: '/openapi.json',
    yamlDocumentUrl: '/openapi.yaml',
    customSiteTitle: 'MovieMind API',
  });
}

export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('MovieMind')
    .setDescription(DESCRIPTION)
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/', 'This server')
    .addTag('movies', 'Films and their descriptions')
    .addTag('people', 'People and their biographies')
    .addTag('jobs', 'What was asked for and how far it is')
    .addTag('health', 'For load balancers and orchestrators')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .build();
  return SwaggerModule.createDocument(app, config, {
    extraModels: [Problem, FieldError, JobResultDto, JobErrorDto, JobUsageDto, TextDto],
  });
}
