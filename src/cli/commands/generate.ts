import { type Command, Option } from 'commander';
import { KIND_WORDS } from '../../domain/kinds.js';
import { examples } from '../command.js';
import type { GenerateOptions } from '../options.js';
import { integer, noted, seconds } from '../values.js';

const HELP = `
Files: UTF-8 or UTF-16; commas, semicolons or tabs. Columns: title and year
(release_year, release_date …), or name and birth_year; locale and context_tag
for a line of its own; ids of IMDb and TMDB (imdb_id, Const, tmdb_id);
metadata.order and the like, for notes of your own.
Exports of IMDb, Letterboxd, TMDB and Kaggle are
understood as they are. Where the columns do not tell films from people, say
movie or person. A line that cannot be read is named, and the others go on.
`;
const EXAMPLES = examples(
  'generate movie "Heat" --year 1995 --wait',
  'generate --file examples/films.csv',
  'generate movie --file ratings.csv --locale pl-PL --json',
);

export function addGenerate(program: Command): void {
  program
    .command('generate')
    .description('one film or person, or all of a CSV file')
    .argument('[kind]', `what it is: ${KIND_WORDS.join(' or ')} (with --file: told by its columns where they can)`)
    .argument('[text]', 'title or name, or use --slug')
    .option('--year <year>', 'year of release or birth', integer)
    .option('--slug <slug>', 'exact identity instead of a title or name')
    .option('--director <name>', 'tells films of one title and year apart')
    .option('--imdb <id>', 'id at IMDb, such as tt0133093 or nm0000206')
    .option('--tmdb <number>', 'number at The Movie Database', integer)
    .addOption(new Option('--locale <locale>', 'language of the text, such as pl-PL; /locales lists them'))
    .addOption(new Option('--context <tag>', 'tone of the text, such as humorous; /context-tags lists them'))
    .option('--choose', 'take the best known one where a name means several (else they are listed)')
    .option('--refresh-facts', 'ask for year, directors, cast … anew, not for the text alone')
    .option('--metadata <name=text>', 'what the job is to carry for you, such as order=42; repeatable', noted)
    .option('--reuse', 'take the text that is there, if there is one')
    .option('--wait', 'wait for the result and show it (a file is always waited for)')
    .option('--file <csv>', 'every line of a CSV file')
    .option('--timeout <seconds>', 'longest time for all of it', seconds, 3600)
    .option('--json', 'print JSON')
    .addHelpText('after', HELP + EXAMPLES)
    .action(async (kind: string | undefined, text: string | undefined, _: GenerateOptions, command: Command) =>
      (await import('../generate.js')).generate(kind, text, command),
    );
}
