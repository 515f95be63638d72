import { GENRES } from '../domain/genres.js';
import { PERSON_ROLES } from '../domain/vocabulary.js';

const text = { type: 'string' };
const optionalText = { type: ['string', 'null'] };
const optionalYear = { type: ['integer', 'null'] };
const flag = { type: 'boolean' };
const role = { type: 'string', enum: [...PERSON_ROLES] };
const list = (items: object) => ({ type: 'array', items });
const object = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

export const SCHEMAS = {
  movie: object({
    found: flag,
    title: optionalText,
    original_title: optionalText,
    other_titles: list(text),
    release_year: optionalYear,
    directors: list(text),
    genres: list({ type: 'string', enum: Object.keys(GENRES) }),
    description: optionalText,
    cast: list(object({ name: text, role, character_name: optionalText })),
    namesakes: list(object({ title: text, release_year: optionalYear })),
  }),
  person: object({
    found: flag,
    name: optionalText,
    other_names: list(text),
    birth_date: optionalText,
    birth_year: optionalYear,
    birthplace: optionalText,
    biography: optionalText,
    known_for: list(object({ title: text, release_year: optionalYear, role, character_name: optionalText })),
    namesakes: list(object({ name: text, birth_year: optionalYear })),
  }),
  movie_text: object({ description: text }),
  person_text: object({ biography: text }),
  identity: object({ same: flag }),
};
export type SchemaName = keyof typeof SCHEMAS;
