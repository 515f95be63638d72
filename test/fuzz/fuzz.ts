import { Command, InvalidArgumentError, Option } from 'commander';
import { Cluster, TRIES } from '../support/machines/cluster.ts';
import { type Documentation, Documented } from '../support/document/documented.ts';
import { fuzz, type FuzzReport } from './run.ts';

interface Options {
  seed: number;
  requests: number;
  driver: 'redis' | 'database';
  json?: true;
}

const KEY = 'a-long-enough-admin-token';

const between = (least: number, most: number) => (text: string) => {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= least && value <= most))
    throw new InvalidArgumentError(`takes a whole number ${least}..${most}`);
  return value;
};

const options = new Command('fuzz')
  .description(
    'Sends malformed, boundary, hostile and valid requests to every operation of the OpenAPI document, and holds every answer against it.',
  )
  .option('--seed <number>', 'what is sent', between(1, 2 ** 30), 1)
  .option('--requests <number>', 'how many', between(16, 1_000_000), 10_000)
  .addOption(new Option('--driver <driver>', 'where the queue lives').choices(['redis', 'database']).default('redis'))
  .option('--json', 'print one JSON document')
  .parse()
  .opts<Options>();

/** Every twentieth subject fails for good, so that there are failed jobs to work with. */
const fails = (subject: string) => [...subject].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % 20 === 0;

async function run(): Promise<FuzzReport> {
  const cluster = await Cluster.start({
    driver: options.driver,
    settings: { AUTH_REQUIRED: 'true', PUBLIC_READS: 'false', ADMIN_TOKEN: KEY, LOG_LEVEL: 'error' },
  });
  const interrupt = () => void cluster.stop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    cluster.model.otherwise((subject) => (fails(subject) ? { kind: 'status', status: 400 } : { kind: 'answer' }));
    cluster.model.keepCalls = false;
    const { url } = cluster.apis[0]!;
    const api = new Documented((await (await fetch(`${url}/openapi.json`)).json()) as Documentation);
    const { seed, requests } = options;
    const report = await fuzz({ url, db: cluster.db, api, key: KEY, seed, requests, tries: TRIES, onProgress });
    const deaths = cluster.deaths.map((death) => ({ fault: death, curl: '', answer: '' }));
    return { ...report, faults: [...report.faults, ...deaths] };
  } finally {
    await cluster.stop();
  }
}

/** One line that is rewritten in a terminal; elsewhere a line every thousand requests. */
function onProgress(sent: number, faults: number): void {
  const line = `${sent} of ${options.requests} requests, ${faults} faults`;
  if (process.stderr.isTTY && sent % 50 === 0) process.stderr.write(`\r\u001B[K${line}`);
  else if (sent % 1000 === 0) console.error(line);
}

const counted = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join('  ');

function print({ seed, requests, seconds, answers, accepted, jobs, faults, breaches }: FuzzReport): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  console.log(`${requests} requests in ${seconds} s on ${options.driver}, seed ${seed}`);
  console.log(`answers   ${counted(answers)}`);
  console.log(`accepted  ${accepted} jobs: ${counted(jobs)}`);
  for (const { fault, curl, answer } of faults) console.log(`\nFAULT ${fault}\n  ${curl}\n  ${answer}`);
  for (const { invariant, of, detail } of breaches) console.log(`\nBREACH ${invariant}: ${of} ${detail}`);
  console.log(faults.length + breaches.length === 0 ? 'No fault, and nothing accepted is lost.' : '');
}

const report = await run();
if (options.json) console.log(JSON.stringify(report));
else print(report);
process.exitCode = report.faults.length + report.breaches.length === 0 ? 0 : 1;
