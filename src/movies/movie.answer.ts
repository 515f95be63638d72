import { GENRE_SLUGS, type GenreSlug } from '../domain/genres.js';
import type { PersonRole } from '../domain/vocabulary.js';
import {
  type AnswerForm,
  credit,
  flag,
  list,
  object,
  oneOf,
  optionalText,
  ROLE_WORDS,
  text,
  TEXT_ALONE,
  year,
} from '../generation/schemas.js';

/** Facts and text of a film. With `found` false the model knows none, and the rest is empty. */
export interface MovieAnswer {
  found: boolean;
  title: string | null;
  original_title: string | null;
  other_titles: string[];
  title_localized: string | null;
  release_year: number | null;
  directors: string[];
  genres: GenreSlug[];
  description: string | null;
  cast: { name: string; role: PersonRole; character_name: string | null }[];
  namesakes: { title: string; release_year: number | null }[];
}

const LOCALIZED =
  'title_localized: the title under which the film was released or is known where the language of the text ' +
  'is spoken; null when you are not sure. Never a translation of your own.';

export const MOVIE_FACTS: AnswerForm = {
  schema: object({
    found: flag,
    title: optionalText,
    original_title: optionalText,
    other_titles: list(text),
    title_localized: optionalText,
    release_year: year,
    directors: list(text),
    genres: list(oneOf(GENRE_SLUGS)),
    description: optionalText,
    cast: list(object({ name: text, ...credit })),
    namesakes: list(object({ title: text, release_year: year })),
  }),
  fields: [
    'found: false when you know no real film of that title (and year and director, where given); ' +
      'then the rest is null or empty. Never choose another film.',
    "title: as it is usually written in the language of the data's title. original_title: in its own language and " +
      'script. other_titles: all others by which it is known, the one in the data among them if it is a title of ' +
      'this very film.',
    LOCALIZED,
    'release_year: of the first release, a whole number.',
    'directors: every one by name, each an entry of its own. "Unknown", "Various" and the like are nobody.',
    `genres: one to four of ${GENRE_SLUGS.join(', ')}.`,
    'description: the text, as told below.',
    `cast: up to 15 entries in billing order, each with name, role (${ROLE_WORDS}) and character_name ` +
      '(null but for actors). Who has several roles or characters has several entries.',
    'namesakes: up to 5 other real films of that very title, whatever their year, with title and release_year.',
  ],
};

export const MOVIE_TEXT: AnswerForm = {
  schema: object({ description: text, title_localized: optionalText }),
  fields: [`description: ${TEXT_ALONE}`, LOCALIZED],
};

export const ABOUT_A_MOVIE =
  'Tell the premise and what makes the film worth knowing; not the ending, and no turn that gives it away. ' +
  'Write about this film alone.';

/** The parts of a text about a film. */
export const OUTLINE_OF_A_MOVIE = [
  'Who is at the centre, where and when it begins, and what sets it going: two or three sentences.',
  'What is at stake, and how the film goes about it, in its form, its mood or its main idea: two or three sentences.',
  'What makes it worth knowing, each reason one that can be seen in the film: one or two sentences.',
] as const;
