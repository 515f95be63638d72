import type { OpenAPIObject } from '@nestjs/swagger';
import { shared } from './openapi-shared.js';

const NOT_FOUND = { type: 'urn:x', title: 'Not Found', status: 404, detail: 'No such job', instance: '/jobs/1' };

const problem = (example: object, headers: object = {}) => ({
  description: 'Not Found',
  headers,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } },
});

const documentOf = (operations: Record<string, object>): OpenAPIObject =>
  ({
    openapi: '3.1.1',
    info: { title: 'x', version: '1' },
    paths: Object.fromEntries(Object.entries(operations).map(([path, get]) => [path, { get }])),
    components: { schemas: {} },
  }) as unknown as OpenAPIObject;

const answering = (...answers: Record<string, object>[]) =>
  shared(documentOf(Object.fromEntries(answers.map((responses, index) => [`/${index}`, { responses }]))));

describe('what a document says once', () => {
  it('is the problem of a status, with the headers of all; an operation says what is wrong there', () => {
    const film = { ...NOT_FOUND, detail: 'No such film', instance: '/movies/1' };
    const { paths, components } = answering(
      { 404: problem(NOT_FOUND) },
      { 404: problem(film, { 'Retry-After': { schema: { type: 'integer' } } }) },
      { 404: problem({ ...NOT_FOUND, instance: '/jobs/1/cancel' }) },
    );
    const reference = { $ref: '#/components/responses/NotFound' };
    expect(Object.values(paths).map(({ get }) => get!.responses['404'])).toEqual([
      reference,
      { ...reference, description: 'No such film' },
      reference,
    ]);
    expect(components!.responses!.NotFound).toMatchObject({
      description: 'Not Found',
      headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
      content: { 'application/problem+json': { example: NOT_FOUND } },
    });
  });

  it('names the wrong field where that is what differs', () => {
    const wrong = (pointer: string) => ({ ...NOT_FOUND, detail: '1 field', errors: [{ pointer, detail: 'is none' }] });
    const { paths } = answering(
      { 422: problem(wrong('/a')) },
      { 422: problem(wrong('/a')) },
      { 422: problem(wrong('/b')) },
    );
    expect(paths['/2']!.get!.responses['422']).toMatchObject({ description: '/b is none' });
  });

  it('is a parameter, by its name and what stands before it in the path', () => {
    const parameters = () => [
      { name: 'id', in: 'path', schema: { type: 'string' } },
      { name: 'per_page', in: 'query', schema: { type: 'integer' } },
    ];
    const operation = () => ({ parameters: parameters(), responses: {} });
    const document = shared(documentOf({ '/failed-jobs/{id}': operation(), '/failed-jobs/{id}/retry': operation() }));
    expect(document.components!.parameters).toEqual({ FailedJobsId: parameters()[0], PerPage: parameters()[1] });
  });

  it('leaves alone what is said in one place, and what differs in more than its description', () => {
    const header = (type: string) => ({ schema: { type } });
    const answers = ['string', 'string', 'integer'].map((type) => ({
      200: { description: 'x', headers: { Age: header(type) } },
    }));
    const { paths, components } = answering(...answers);
    expect(components!.headers).toEqual({ Age: header('string') });
    expect(paths['/2']!.get!.responses['200']).toMatchObject({ headers: { Age: header('integer') } });
  });
});
