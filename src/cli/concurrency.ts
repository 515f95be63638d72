import type { ConcurrencyDto } from '../admin/concurrency.controller.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

const PATH = '/admin/concurrency';

export async function showConcurrency(client: Client, options: OutputOptions): Promise<number> {
  return shown(await client.get<ConcurrencyDto>(PATH), options);
}

/** @param concurrency `null`: what the settings of each worker say */
export async function setConcurrency(client: Client, concurrency: number | null, options: OutputOptions) {
  return shown(await client.act<ConcurrencyDto>(PATH, { concurrency }, 'PUT'), options);
}

function shown(answer: ConcurrencyDto, { json = false }: OutputOptions): number {
  const { concurrency, workers } = answer;
  const wished = concurrency === null ? 'as WORKER_CONCURRENCY says to each' : String(concurrency);
  if (json) printJson(answer);
  else console.log([`wished: ${wished}`, ...workers.map((one) => `${one.name}: ${one.concurrency}`)].join('\n'));
  return EXIT.done;
}
