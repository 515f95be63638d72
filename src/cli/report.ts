import type { JobDto } from '../jobs/jobs.dto.js';
import type { Client } from './client.js';
import { isDone, isOpen, type Outcome, type Outcomes, statusOf } from './outcomes.js';
import { printJson, table } from './output.js';

interface About {
  durationMs: number;
  json: boolean;
  client: Client;
  /** Why the run ended early. */
  problem: object | null;
}

const SHOWN_FAILURES = 20;

/** Prints the result of each line on stdout, however the run ended. */
export function report(outcomes: Outcomes, { durationMs, json, client, problem }: About): void {
  const summary = summaryOf(outcomes, durationMs);
  if (json) return printJson({ summary, results: outcomes.all.map(resultOf), ...(problem && { problem }) });
  const cells = Object.entries(summary).map(([name, value]) => [name.replaceAll('_', ' '), String(value)]);
  console.log(table([], cells));
  const bad = outcomes.all.filter((outcome) => !isDone(outcome) && !isOpen(outcome) && whyOf(outcome) !== null);
  for (const outcome of bad.slice(0, SHOWN_FAILURES)) {
    const { line, text } = outcome.row;
    console.log(`line ${line}${text ? `, ${text}` : ''}: ${whyOf(outcome)}`);
  }
  if (bad.length > SHOWN_FAILURES) console.log(`… and ${bad.length - SHOWN_FAILURES} more; --json lists all`);
  const [open] = outcomes.open;
  if (open)
    console.log(`Jobs not finished: ${summary.unfinished}. Of the first: ${client.continuationHint(open.job!.job_id)}`);
}

function summaryOf({ all, skipped }: Outcomes, duration_ms: number) {
  const jobs = all.flatMap(({ job }) => job ?? []);
  const sum = (value: (job: JobDto) => number | undefined) => jobs.reduce((total, job) => total + (value(job) ?? 0), 0);
  const count = (is: (outcome: Outcome) => boolean) => all.filter(is).length;
  const done = count(isDone);
  const unfinished = count(isOpen);
  return {
    lines: all.length,
    done,
    failed: jobs.length - done - unfinished,
    unfinished,
    refused: count((outcome) => statusOf(outcome) === 'REFUSED'),
    not_sent: count((outcome) => statusOf(outcome) === 'NOT_SENT'),
    skipped,
    tries: sum(({ attempts }) => attempts),
    input_tokens: sum(({ usage }) => usage?.input_tokens),
    output_tokens: sum(({ usage }) => usage?.output_tokens),
    duration_ms,
    per_second: Math.round(((jobs.length - unfinished) / Math.max(1, duration_ms)) * 10_000) / 10,
  };
}

/** `null`: there is nothing wrong with the line itself. */
function whyOf({ row, refused, job }: Outcome): string | null {
  if (row.problem !== undefined) return `${row.problem}; not sent`;
  if (refused !== undefined) return refused;
  if (!job) return null;
  const slugs = job.error?.suggestions?.map(({ slug }) => slug) ?? [];
  const why = `${job.status} ${job.error?.type ?? ''} ${job.error?.message ?? ''}`.trim();
  return slugs.length > 0 ? `${why} By slug: ${slugs.join(', ')}` : why;
}

const resultOf = (outcome: Outcome) => ({
  line: outcome.row.line,
  text: outcome.row.text,
  year: outcome.row.year ?? null,
  job_id: outcome.job?.job_id ?? null,
  status: statusOf(outcome),
  slug: outcome.job?.slug ?? null,
  error: outcome.row.problem ?? outcome.refused ?? outcome.job?.error ?? null,
});
