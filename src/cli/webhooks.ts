import type { AnyDeliveryDto } from '../admin/deliveries.dto.js';
import type { WebhookSecretDto } from '../webhooks/webhooks.dto.js';
import type { Client } from './client.js';
import { EXIT } from './errors.js';
import { type ListOptions, minute, showList } from './listing.js';
import type { OutputOptions } from './options.js';
import { printJson } from './output.js';

const PATH = '/admin/deliveries';

export interface ListDeliveriesOptions extends ListOptions {
  status?: string;
  since?: string;
}

export function listDeliveries(client: Client, options: ListDeliveriesOptions): Promise<number> {
  const { status, since } = options;
  const list = { path: PATH, filter: { status, since }, head: ['made', 'message', 'state'], cells: cellsOf };
  return showList<AnyDeliveryDto>(client, { ...list, none: 'There are no such messages.' }, options);
}

const cellsOf = (one: AnyDeliveryDto) => [
  `${minute(one.created_at)}\n${one.host}`,
  `${one.type}\n${one.delivery_id}`,
  stateOf(one),
];

const stateOf = ({ status, attempts, max_attempts, last_error }: AnyDeliveryDto) =>
  `${status} (attempt ${attempts} of ${max_attempts})${last_error ? `: ${last_error}` : ''}`;

export async function replayDelivery(client: Client, id: string, { json = false }: OutputOptions): Promise<number> {
  const delivery = await client.act<AnyDeliveryDto>(`${PATH}/${encodeURIComponent(id)}/replay`);
  if (json) printJson(delivery);
  else console.log(stateOf(delivery));
  return EXIT.done;
}

/** Only the secret goes to stdout; what is said about it goes to stderr. */
export async function rotateSecret(client: Client, { json = false }: OutputOptions): Promise<number> {
  const answer = await client.act<WebhookSecretDto>('/webhooks/secret/rotate');
  if (json) printJson(answer);
  else {
    process.stderr.write(
      `Messages are signed with this secret; with the one before, too, until ${answer.previous_until}.\n`,
    );
    console.log(answer.secret);
  }
  return EXIT.done;
}
