import { Argument, type Command, Option } from 'commander';
import { KIND_WORDS, kindOfWord } from '../../domain/kinds.js';
import { EXPORT_FORMATS } from '../../domain/vocabulary.js';
import { examples, served, told } from '../command.js';
import type { ExportOptions } from '../export-file.js';

const FOLDERS = KIND_WORDS.map((word) => kindOfWord(word).path);

const HELP = `
A connection that breaks off goes on where it was. So does the command itself,
when a file of JSON lines was left as .part.
`;

export function addExport(program: Command): void {
  told(program.command('export'), 'all films or people with their texts, as a file', 'read')
    .addArgument(new Argument('<what>', 'what to export').choices(FOLDERS))
    .addOption(new Option('--format <format>', 'a line of JSON each, or CSV with a row a text').choices(EXPORT_FORMATS))
    .option('--out <file>', 'file to write (default: stdout); until it is whole its name ends in .part')
    .option('--after <id>', 'go on after this id, the last one that arrived')
    .addHelpText(
      'after',
      HELP + examples('export movies --out films.jsonl', 'export people --format csv --out people.csv'),
    )
    .action(
      served<ExportOptions, [what: string]>(async (client, options, what) =>
        (await import('../export-file.js')).exportFile(client, what, options),
      ),
    );
}
