import type { Command } from 'commander';
import { ACTIONS, TARGETS } from '../../audit/actions.js';
import type { AuditOptions } from '../audit.js';
import { addListOptions, examples, served, told, wordOption } from '../command.js';

export function addAudit(program: Command): void {
  const audit = told(program.command('audit'), 'who did what, the newest first', 'admin')
    .addOption(wordOption('--action <action>', 'what was done', ACTIONS))
    .addOption(wordOption('--on <kind>', 'what it was done to', TARGETS))
    .option('--target <id>', 'its id or name; of films and people the slug as well')
    .option('--key <id>', 'the key that did it')
    .option('--since <when>', 'done since a time (2026-11-23T10:00:00Z) or an age (30m, 12h, 7d)');
  addListOptions(audit)
    .addHelpText('after', examples('audit --since 7d', 'audit --on queue --json', 'audit --target heat-1995 --all'))
    .action(served<AuditOptions>(async (client, options) => (await import('../audit.js')).showAudit(client, options)));
}
