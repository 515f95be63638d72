import { extended } from './openapi-extended.js';

const text = { type: 'string' };
const object = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, text])),
  required: names,
});
const schemas = {
  Ref: object('a', 'b', 'c'),
  Summary: object('a', 'b', 'c', 'd'),
  Whole: object('a', 'b', 'c', 'd', 'e'),
};
const beyond = (name: string, ...own: string[]) => ({
  type: 'object',
  allOf: [{ $ref: `#/components/schemas/${name}` }, object(...own)],
});

describe('answers that have all of another', () => {
  it('name the largest of those, and what is theirs besides', () => {
    expect(extended(schemas, () => true)).toEqual({
      Ref: schemas.Ref,
      Summary: beyond('Ref', 'd'),
      Whole: beyond('Summary', 'e'),
    });
  });

  it('have no empty list of what is required, which OpenAPI 3.0 refuses', () => {
    const { required: _, ...optional } = object('e');
    const Whole = { ...schemas.Whole, required: ['a', 'b', 'c', 'd'] };
    const { Whole: one } = extended({ Summary: schemas.Summary, Whole }, () => true);
    expect(one).toEqual({ type: 'object', allOf: [{ $ref: '#/components/schemas/Summary' }, optional] });
  });

  it.each([
    ['a field differs', { ...schemas.Ref, properties: { ...schemas.Ref.properties, c: { type: 'integer' } } }],
    ['a field is optional there', { ...schemas.Ref, required: ['a', 'b'] }],
    ['they have little in common', object('a', 'b')],
    ['it has as many fields', schemas.Whole],
  ])('stay as they are where %s', (_, Other) => {
    expect(extended({ Other, Whole: schemas.Whole }, () => true)).toEqual({ Other, Whole: schemas.Whole });
  });

  it('are answers: requests are left alone', () => {
    expect(extended(schemas, () => false)).toEqual(schemas);
  });
});
