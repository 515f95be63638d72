import type { OpenAPIObject } from '@nestjs/swagger';
import { asOpenApi30 } from './openapi-3.0.js';

const schemaOf = (schema: object) => {
  const document = {
    openapi: '3.1.1',
    info: { title: 'x', version: '1' },
    paths: {},
    components: { schemas: { One: schema } },
  };
  return asOpenApi30(document).components!.schemas!.One;
};

describe('a document in OpenAPI 3.0', () => {
  it.each([
    [
      { type: ['string', 'null'], format: 'uuid' },
      { type: 'string', format: 'uuid', nullable: true },
    ],
    [{ type: 'string' }, { type: 'string' }],
    [{ type: ['integer', 'string'] }, { anyOf: [{ type: 'integer' }, { type: 'string' }] }],
    [
      { description: 'x', anyOf: [{ $ref: '#/a' }, { type: 'null' }] },
      { description: 'x', type: 'object', nullable: true, allOf: [{ $ref: '#/a' }] },
    ],
    [
      { anyOf: [{ $ref: '#/a' }, { $ref: '#/b' }, { type: 'null' }] },
      { type: 'object', nullable: true, anyOf: [{ $ref: '#/a' }, { $ref: '#/b' }] },
    ],
    [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }],
    [{ $ref: '#/a' }, { $ref: '#/a' }],
    [
      { $ref: '#/a', description: 'x' },
      { description: 'x', allOf: [{ $ref: '#/a' }] },
    ],
    [
      { type: 'array', items: { type: ['number', 'null'] } },
      { type: 'array', items: { type: 'number', nullable: true } },
    ],
  ])('says %j in its own words', (schema, expected) => {
    expect(schemaOf(schema)).toEqual(expected);
  });

  it('leaves values alone, and fields whose names are words of it', () => {
    const example = { type: ['string', 'null'], $ref: '#/a', anyOf: [{ type: 'null' }] };
    const properties = { type: { type: 'string' }, example: { type: 'string' }, $ref: { type: 'string' } };
    expect(schemaOf({ type: 'object', properties, example })).toEqual({ type: 'object', properties, example });
    expect(schemaOf({ type: 'object', properties: { enum: { type: ['string', 'null'] } } })).toEqual({
      type: 'object',
      properties: { enum: { type: 'string', nullable: true } },
    });
  });

  it('keeps what an operation says beside a shared answer: a $ref stands alone', () => {
    const shared = { description: 'Not Found', content: {} };
    const responses = { 404: { $ref: '#/components/responses/NotFound', description: 'No such film' } };
    const same = { 404: { $ref: '#/components/responses/NotFound' } };
    const document = {
      openapi: '3.1.1',
      paths: { '/a': { get: { responses } }, '/b': { get: { responses: same } } },
      components: { responses: { NotFound: shared } },
    };
    expect(asOpenApi30(document as unknown as OpenAPIObject).paths).toEqual({
      '/a': { get: { responses: { 404: { description: 'No such film', content: {} } } } },
      '/b': { get: { responses: same } },
    });
  });

  it('gives a bearer key no scopes, and keeps webhooks as an extension', () => {
    const operation = { security: [{}, { bearer: ['read'] }], responses: {} };
    const document = { openapi: '3.1.1', paths: { '/a': { get: operation } }, webhooks: { told: {} } };
    expect(asOpenApi30(document as unknown as OpenAPIObject)).toEqual({
      openapi: '3.0.3',
      paths: { '/a': { get: { security: [{}, { bearer: [] }], responses: {} } } },
      'x-webhooks': { told: {} },
    });
  });
});
