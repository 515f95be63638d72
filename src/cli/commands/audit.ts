import type { Command } from 'commander';
import { ENTITIES } from '../../domain/kinds.js';
import type { AuditOptions } from '../audit.js';
import { addListOptions, examples, served, told, wordOption } from '../command.js';

export function addAudit(program: Command): void {
  const audit = told(program.command('audit'), 'who changed what, the newest first', 'admin')
    .option('--action <action>', 'what was done, such as correct or write_text')
    .addOption(wordOption('--entity <kind>', 'what was changed', ENTITIES))
    .option('--slug <slug>', 'the slug that it had then')
    .option('--since <when>', 'done since a time (2026-11-23T10:00:00Z) or an age (30m, 12h, 7d)');
  addListOptions(audit)
    .addHelpText('after', examples('audit --since 7d', 'audit --slug the-matrix-1999 --all --json'))
    .action(served<AuditOptions>(async (client, options) => (await import('../audit.js')).showAudit(client, options)));
}
