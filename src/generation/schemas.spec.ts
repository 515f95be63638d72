import { Ajv } from 'ajv';
import { GENRE_SLUGS } from '../domain/genres.js';
import { FORMS } from '../../test/support/model/forms.js';

interface Schema {
  type?: unknown;
  enum?: unknown;
  properties?: Record<string, object>;
  items?: object;
}
const partsOf = (schema: Schema): Schema[] => [
  schema,
  ...[...Object.values(schema.properties ?? {}), ...(schema.items ? [schema.items] : [])].flatMap(partsOf),
];

describe('the schemas of answers', () => {
  it.each(Object.entries(FORMS))('are of the subset that strict mode takes: %s', (_, { schema }) => {
    for (const part of partsOf(schema)) {
      expect(part.type).toBeDefined();
      if (part.properties === undefined) continue;
      expect(part).toMatchObject({ additionalProperties: false, required: Object.keys(part.properties) });
    }
    expect(() => new Ajv({ allowUnionTypes: true }).compile(schema)).not.toThrow();
  });

  it('have the fields that they were given', () => {
    const fields = Object.entries(FORMS).map(([name, { schema }]) => [name, Object.keys(schema.properties)]);
    expect(Object.fromEntries(fields)).toEqual({
      movie: (
        'found title original_title other_titles title_localized release_year directors genres description cast ' +
        'namesakes'
      ).split(' '),
      person: 'found name other_names birth_date birth_year birthplace biography known_for namesakes'.split(' '),
      movie_text: ['description', 'title_localized'],
      person_text: ['biography'],
      identity: ['same'],
    });
  });

  it('know the genres by slug, and no others', () => {
    const [genres] = partsOf(FORMS.movie.schema).filter((part) => part.enum !== undefined);
    expect(genres).toMatchObject({ enum: GENRE_SLUGS });
  });
});
