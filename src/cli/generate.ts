import type { Command } from 'commander';
import { KIND_WORDS } from '../domain/kinds.js';
import { onServer } from './command.js';
import { CliError } from './errors.js';
import { generateOne } from './generate-one.js';
import type { GenerateOptions, Kind } from './options.js';

/** One text, or those of a file. What cannot be meant is refused before a server is asked. */
export async function generate(kind: string | undefined, text: string | undefined, command: Command): Promise<void> {
  const options = command.opts<GenerateOptions>();
  if (kind !== undefined && !(KIND_WORDS as readonly string[]).includes(kind)) {
    throw new CliError(`kind is ${KIND_WORDS.join(' or ')}, not "${kind}"`);
  }
  if (options.file !== undefined) return generateAll(kind as Kind | undefined, text, command);
  if (!kind || (!text && !options.slug)) {
    throw new CliError('say what to generate: generate movie "Heat" --year 1995, or generate --file titles.csv');
  }
  await onServer<GenerateOptions>(command, (client) => generateOne(client, { kind: kind as Kind, text, ...options }));
}

/** Refuses options that have no meaning for a file, before its hundreds of texts are regenerated. */
async function generateAll(kind: Kind | undefined, text: string | undefined, command: Command): Promise<void> {
  const options = command.opts<GenerateOptions>();
  const ofOne = ['year', 'slug', 'director', 'imdb', 'tmdb', 'wait'] as const;
  const idle = ofOne.filter((option) => options[option] !== undefined).map((option) => `--${option}`);
  const named = [...(text ? [`"${text}"`] : []), ...idle].join(', ');
  if (named) throw new CliError(`--file generates and waits for every line of the file: leave out ${named}`);
  // Imported only here: one text needs none of it.
  const { readRows } = await import('./file-rows.js');
  const rows = readRows(options.file!, kind);
  const { generateFile } = await import('./generate-file.js');
  await onServer(command, (client) => generateFile(client, rows, options));
}
