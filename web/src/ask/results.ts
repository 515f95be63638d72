import Papa from 'papaparse';
import type { Job } from '../data/api.ts';
import { jobsOf } from './batches.ts';

const COLUMNS = ['slug', 'locale', 'context_tag', 'status', 'error_type', 'error_message', 'job_id'];

/** All jobs of the batches as a CSV file, which the browser saves. */
export async function saveResults(ids: string[]): Promise<void> {
  const rows: string[][] = [];
  for await (const job of jobsOf(ids)) rows.push(rowOf(job));
  // What models wrote must not become a formula of a spreadsheet.
  const csv = Papa.unparse({ fields: COLUMNS, data: rows }, { escapeFormulae: true });
  save(new Blob(['\uFEFF', csv, '\r\n'], { type: 'text/csv' }), 'moviemind-results.csv');
}

const rowOf = (job: Job) => [
  job.slug ?? job.requested_slug,
  job.locale,
  job.context_tag,
  job.status,
  job.error?.type ?? '',
  job.error?.message ?? '',
  job.job_id,
];

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
