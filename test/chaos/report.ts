import { type Breach, type Invariant, INVARIANTS } from '../support/ledger/invariants.ts';
import type { Planned } from './faults.ts';

export interface Report {
  seed: number;
  driver: string;
  minutes: number;
  apis: number;
  workers: number;
  schedule: Planned[];
  rate_asked: number;
  /** 202 answers a second while the load lasted. */
  rate_accepted: number;
  requests: number;
  answers: Record<string, number>;
  post_ms: { p50: number; p99: number; max: number };
  poll_ms: { p50: number; p99: number; max: number };
  jobs: Record<string, number>;
  /** From the end of the last fault and the load until the last job ended, seconds; `null`: not all did. */
  settled_seconds: number | null;
  /** Per fault: from its end until every job accepted before that had ended, seconds. */
  recovery: Record<string, { times: number; p50: number; max: number }>;
  model_calls: number;
  /** Of answers that left the model whole, and what the ledger tells operators. */
  tokens: { spent: number; counted: number };
  /** Claims by what became of them. */
  claims: Record<string, number>;
  /** Failed tries by their reason. */
  failures: Record<string, number>;
  watched: number;
  breaches: Breach[];
  /** Answers the contract forbids at any time, and processes that died on their own. */
  offences: string[];
}

export const isClean = ({ breaches, offences, settled_seconds }: Report) =>
  breaches.length + offences.length === 0 && settled_seconds !== null;

/** A clean run, in short. */
export function printLine({ seed, driver, schedule, jobs, watched, settled_seconds }: Report): void {
  const all = Object.values(jobs).reduce((sum, count) => sum + count, 0);
  console.log(
    `chaos, seed ${seed} on ${driver}: ${schedule.length} faults, ${all} jobs, ${watched} of them watched; 0 lost, 0 doubled, 0 wrong; ` +
      `the last ended ${settled_seconds} s after the load`,
  );
}

const SHOWN = 10;

export function printReport(report: Report): void {
  const { answers, jobs, claims, post_ms, poll_ms, breaches, offences } = report;
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const spread = ({ p50, p99, max }: Report['post_ms']) => `p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`;
  const lines: [string, string][] = [
    ['requests', `${report.requests}, answered ${list(answers)}`],
    ['rate', `${report.rate_asked} asked, ${report.rate_accepted} accepted a second`],
    ['POST', spread(post_ms)],
    ['GET', spread(poll_ms)],
    ['jobs', list(jobs)],
    ['claims', `${list(claims)}; model calls ${report.model_calls}`],
    ['tokens', list(report.tokens)],
    ['tries', Object.keys(report.failures).length > 0 ? `failed: ${list(report.failures)}` : 'none failed'],
    ['settled', report.settled_seconds === null ? 'NO: jobs are left' : `${report.settled_seconds} s after the load`],
  ];
  console.log();
  for (const [name, text] of lines) console.log(`${name.padEnd(10)} ${text}`);
  console.log(`\n${'recovery after'.padEnd(24)}${'times'.padStart(6)}${'p50 s'.padStart(8)}${'max s'.padStart(8)}`);
  for (const [kind, { times, p50, max }] of Object.entries(report.recovery))
    console.log(
      `${kind.padEnd(24)}${String(times).padStart(6)}${p50.toFixed(1).padStart(8)}${max.toFixed(1).padStart(8)}`,
    );
  console.log(`\n${'invariant'.padEnd(80)} breaches`);
  for (const [name, text] of Object.entries(INVARIANTS) as [Invariant, string][])
    console.log(`${text.padEnd(80)} ${breaches.filter(({ invariant }) => invariant === name).length}`);
  console.log(`${'only answers the contract knows, no process died on its own'.padEnd(80)} ${offences.length}`);
  for (const { invariant, of, detail } of breaches.slice(0, SHOWN)) console.log(`  ${invariant}: ${of}: ${detail}`);
  for (const offence of offences.slice(0, SHOWN)) console.log(`  ${offence}`);
  console.log(isClean(report) ? '\nNothing accepted was lost.' : '\nBREACHED');
}
