import type { Origin } from '../access/origin.js';
import { jobAttributes } from '../ledger/about-job.js';
import { typeOfError } from '../tracing/span.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Submitted } from './accepted.js';
import type { TextRequest } from './asked.js';

type Traced = Pick<TextRequest, 'span' | 'origin'>;

/** Accepts a request as a step of its trace, from its wait for a group to the commit. What it makes is part of it. */
export async function acceptSpan<Answer>(
  tracing: Tracing,
  origin: Origin,
  accept: (traced: Traced) => Promise<Answer>,
): Promise<Answer> {
  const span = tracing.begin('accept', origin.traceparent, { kind: 'producer' });
  try {
    return await accept({ span, origin: { ...origin, traceparent: span.traceparent } });
  } catch (error) {
    span.fail(typeOfError(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Says which jobs it came to. Those that others made go on in traces of their own, which are named. */
export function tellJobs({ span, kind, origin }: Traced & Pick<TextRequest, 'kind'>, submitted: Submitted[]): void {
  const others = submitted.filter(({ job }) => job.traceparent !== origin.traceparent);
  if (kind === 'one') span.set({ ...jobAttributes(submitted[0]!.job), 'moviemind.job.new': others.length === 0 });
  else span.set({ 'moviemind.jobs': submitted.length, 'moviemind.jobs.new': submitted.length - others.length });
  for (const { job } of others.slice(0, MOST_LINKS)) span.link(job.traceparent);
}

/** A span keeps no more. */
const MOST_LINKS = 100;
