import { type Command, Option } from 'commander';
import { KIND_WORDS } from '../../domain/kinds.js';
import { TEXT_VERDICTS } from '../../domain/vocabulary.js';
import { addListOptions, examples, served, told } from '../command.js';
import type { ReviewOptions } from '../review.js';
import { drawn, promptVersion } from '../values.js';

const HELP = `
Texts that a model wrote, and that nobody has judged, are drawn at random. Of
each say g (good), b (bad), s (skip) or q (quit), and Enter; with a note behind
it, if you like: b tells the ending. With --json the sample is printed, and
nothing is asked. --limit and --all are for --marked.
`;

export function addReview(program: Command): void {
  const review = told(program.command('review'), 'texts beside their facts, for you to judge good or bad', 'admin')
    .option('--sample <n>', 'how many texts are shown', drawn, 20)
    .option('--model <name>', 'of this model alone')
    .option('--prompt <version>', 'asked with this version of the prompts alone, such as v1', promptVersion)
    .addOption(new Option('--kind <kind>', 'about these alone').choices(KIND_WORDS))
    .option('--summary', 'how many were good and bad, by model and version of the prompts')
    .addOption(new Option('--marked <verdict>', 'what was judged so, with the notes').choices(TEXT_VERDICTS));
  addListOptions(review)
    .addHelpText('after', HELP + examples('review --sample 20', 'review --prompt v2 --kind movie', 'review --summary'))
    .action(served<ReviewOptions>(async (client, options) => (await import('../review.js')).review(client, options)));
}
