import { PERSON_ROLES } from '../domain/vocabulary.js';

/** Parts of a schema in the subset that strict mode takes: every property required, none besides. */
export const text = { type: 'string' };
export const optionalText = { type: ['string', 'null'] };
export const flag = { type: 'boolean' };
export const year = { type: ['integer', 'null'] };
export const oneOf = (words: readonly string[]) => ({ type: 'string', enum: [...words] });
export const list = (items: object) => ({ type: 'array', items });
export const object = (properties: Record<string, object>) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
/** What a credit has besides the name or the title. */
export const credit = { role: oneOf(PERSON_ROLES), character_name: optionalText };
export const ROLE_WORDS = PERSON_ROLES.join(', ');

/** The form of an answer: its JSON Schema, and its fields in words, since some servers do not look at a schema. */
export interface AnswerForm {
  schema: ReturnType<typeof object>;
  fields: string[];
}

/** The facts in the data are what a text alone rests on. */
export const TEXT_ALONE = 'the text, as told below. The facts in the data are true: keep to them, and add no others.';

/** Whether what was asked for and what was answered are one. */
export const IDENTITY: AnswerForm = {
  schema: object({ same: flag }),
  fields: [
    'same: true when what is asked for (by title or name, slug, year, director) and what was answered are one and ' +
      'the same film or person, else false.',
    'A translated, original, longer or shorter title, or a stage name, may be the same. ' +
      'A sequel, a remake, a namesake or a relative is another one. When you are not sure, it is false.',
  ],
};
