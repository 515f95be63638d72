import type { Command } from 'commander';
import { ENTITIES } from '../../domain/kinds.js';
import { ERROR_TYPES } from '../../domain/vocabulary.js';
import { addDefault, addListOptions, examples, served, told, wordOption } from '../command.js';
import type { ForgetOptions, ListFailedOptions, PruneOptions, RetryFailedOptions } from '../failed.js';
import type { OutputOptions } from '../options.js';

const ID = '019ab1d2-9000-7000-8000-0a0b0c0d0e0f';

export function addFailed(program: Command): void {
  const failed = told(program.command('failed'), 'jobs that failed for good: list, show, retry, forget', 'admin')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('failed list --since 24h', 'failed retry --type AI_API_ERROR'));
  addList(failed);
  addShow(failed);
  addRetry(failed);
  addForget(failed);
  addFlush(failed);
  addPrune(failed);
}

const addFilter = (command: Command) =>
  command
    .addOption(wordOption('--type <type>', 'type of the last error', ERROR_TYPES))
    .addOption(wordOption('--entity <kind>', 'what was to be written', ENTITIES))
    .option('--q <text>', 'part of the error, title, name or slug')
    .option('--since <when>', 'failed since a time (2026-11-23T10:00:00Z) or an age (30m, 12h, 7d)');

function addList(failed: Command): void {
  const list = addDefault(failed, 'list').description('the entries, with why each failed');
  addListOptions(addFilter(list))
    .addHelpText('after', examples('failed list', 'failed list --type AI_API_ERROR --since 24h --all --json'))
    .action(
      served<ListFailedOptions>(async (client, options) => (await import('../failed.js')).listFailed(client, options)),
    );
}

function addShow(failed: Command): void {
  failed
    .command('show')
    .description('one of them, with what was asked for')
    .argument('<id>', 'id of the entry')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`failed show ${ID}`))
    .action(
      served<OutputOptions, [id: string]>(async (client, options, id) =>
        (await import('../failed.js')).showFailed(client, id, options),
      ),
    );
}

function addRetry(failed: Command): void {
  addFilter(failed.command('retry'))
    .description('run them again, under their job ids and with all of their tries')
    .argument('[id...]', 'ids of entries; else --all, or a filter')
    .option('--all', 'all of them')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(`failed retry ${ID}`, 'failed retry --type AI_API_ERROR --since 24h', 'failed retry --all'),
    )
    .action(
      served<RetryFailedOptions, [ids: string[]]>(async (client, options, ids) =>
        (await import('../failed.js')).retryFailed(client, ids, options),
      ),
    );
}

function addForget(failed: Command): void {
  failed
    .command('forget')
    .description('forget one of them: the entry and its job')
    .argument('<id>', 'id of the entry')
    .option('--json', 'print JSON')
    .addHelpText('after', examples(`failed forget ${ID}`))
    .action(
      served<OutputOptions, [id: string]>(async (client, options, id) =>
        (await import('../failed.js')).forgetFailed(client, id, options),
      ),
    );
}

function addFlush(failed: Command): void {
  failed
    .command('flush')
    .description('forget all of them: entries and jobs')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('failed flush', 'failed flush --yes --json'))
    .action(
      served<ForgetOptions>(async (client, options) => (await import('../failed.js')).flushFailed(client, options)),
    );
}

function addPrune(failed: Command): void {
  failed
    .command('prune')
    .description('forget those that are old: entries and jobs')
    .requiredOption('--older-than <when>', 'failed longer ago than an age (30d, 12h), or before a time')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('failed prune --older-than 30d', 'failed prune --older-than 30d --yes'))
    .action(
      served<PruneOptions>(async (client, options) => (await import('../failed.js')).pruneFailed(client, options)),
    );
}
