import type { Command } from 'commander';
import { examples, served, told } from '../command.js';
import type { OutputOptions } from '../options.js';

const HELP = `
Each line has title and release_year, or name and birth_year; slug, and ids of
IMDb and TMDB; texts with locale and context_tag. In CSV a row has one text.
Other fields are passed over. The same file imported twice changes nothing.
A line that cannot be taken is named, and the others are stored.
`;

export function addImport(program: Command): void {
  told(program.command('import'), 'ids and texts of your own, from a file', 'edit')
    .argument('<file>', 'JSON lines or CSV, as export writes them')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP + examples('import films.jsonl'))
    .action(
      served<OutputOptions, [file: string]>(async (client, options, file) =>
        (await import('../import-file.js')).importFile(client, file, options),
      ),
    );
}
