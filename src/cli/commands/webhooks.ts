import type { Command } from 'commander';
import { DELIVERY_STATUSES } from '../../webhooks/events.js';
import { addDefault, addListOptions, examples, served, told, wordOption } from '../command.js';
import type { OutputOptions } from '../options.js';
import type { ListDeliveriesOptions } from '../webhooks.js';

const ROTATE_HELP = `
The secret is that of the key in use (--token), and is the only thing on stdout.
For 24 hours messages carry the signatures of both, the old one and the new one.
`;

export function addWebhooks(program: Command): void {
  const webhooks = told(program.command('webhooks'), 'messages to webhooks: list, replay; rotate the secret', 'admin')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('webhooks list --status FAILED', 'webhooks rotate'));
  addList(webhooks);
  webhooks
    .command('replay')
    .description('send a message again, with all attempts; one that waits is sent now')
    .argument('<id>', 'id of the message, as webhooks list shows it')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('webhooks replay 019ab1d2-9000-7000-8000-0a0b0c0d0e0f'))
    .action(
      served<OutputOptions, [id: string]>(async (client, options, id) =>
        (await import('../webhooks.js')).replayDelivery(client, id, options),
      ),
    );
  webhooks
    .command('rotate')
    .description('sign with a new secret, and show it')
    .option('--json', 'print JSON')
    .addHelpText('after', ROTATE_HELP + examples('webhooks rotate', '--token mm_… webhooks rotate'))
    .action(
      served<OutputOptions>(async (client, options) => (await import('../webhooks.js')).rotateSecret(client, options)),
    );
}

function addList(webhooks: Command): void {
  const list = addDefault(webhooks, 'list')
    .description('messages of all jobs and batches, the newest first')
    .addOption(wordOption('--status <status>', 'state of the message', DELIVERY_STATUSES))
    .option('--since <when>', 'made since a time (2026-11-23T10:00:00Z) or an age (30m, 12h, 7d)');
  addListOptions(list)
    .addHelpText('after', examples('webhooks list', 'webhooks list --status FAILED --since 24h --all --json'))
    .action(
      served<ListDeliveriesOptions>(async (client, options) =>
        (await import('../webhooks.js')).listDeliveries(client, options),
      ),
    );
}
