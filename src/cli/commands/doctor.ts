import type { Command } from 'commander';
import { examples, served, told } from '../command.js';
import type { OutputOptions } from '../options.js';

export function addDoctor(program: Command): void {
  told(program.command('doctor'), 'what should be changed in the setup, one line each', 'admin')
    .option('--json', 'print JSON, with all that was looked at')
    .addHelpText('after', examples('doctor'))
    .action(served<OutputOptions>(async (client, options) => (await import('../doctor.js')).doctor(client, options)));
}
