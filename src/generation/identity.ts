import type { GenerationJob } from '../ledger/generation-job.entity.js';
import { baseOf, partsOf, slugOf } from '../domain/slug.js';
import { CONTEXTS, LOCALES } from '../domain/vocabulary.js';
import type { Answer } from '../llm/llm.js';
import { misfit } from './structured-output.js';

/** Release years differ between festival and cinema, and sources disagree about births. */
const YEAR_TOLERANCE = 1;

/** The name and year in the model's answer. */
interface Written {
  text: string;
  year: number | null;
  /** A number at the end of a slug is a year only from this one on, for this kind. */
  firstYear: number;
}

/** What the model is told besides the name of the subject and its year. */
export const choicesOf = ({ requested_slug, locale, context_tag }: GenerationJob) => ({
  slug: requested_slug,
  language: LOCALES[locale],
  manner: CONTEXTS[context_tag],
  locale,
  context_tag,
});

/**
 * The request decides what the text is about; the model only adds what the request left open: the year, and the
 * spelling.
 * @throws GenerationFailure VALIDATION_ERROR when the answer is about another subject
 */
export function identify({ request, requested_slug }: GenerationJob, written: Written, answer: Answer) {
  const base = request.subject ? baseOf(request.subject) : partsOf(requested_slug, written.firstYear).base;
  const same = written.text !== '' && baseOf(written.text) === base;
  if (!same && !request.subject) throw misfit('The model answered with something else than was asked for.', answer);
  if (request.year && written.year && Math.abs(request.year - written.year) > YEAR_TOLERANCE) {
    throw misfit('The model answered with a namesake of another year.', answer);
  }
  const text = same ? written.text : request.subject!;
  const year = request.year ?? written.year;
  return { base, text, year, slug: slugFor() };

  function slugFor(): string {
    if (request.subject) return slugOf(text, year);
    return year ? `${base}-${year}` : requested_slug;
  }
}
