import 'moviemind-command/check.js';
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { takeArguments } from './config/arguments.js';
import { ConfigError } from './config/environment.js';

const HELP = 'Prints the OpenAPI document, or writes it to the file that is named: npm run openapi -- openapi.json';

// Whoever reads it may have seen enough.
process.stdout.on('error', () => process.exit());

/** Needs no database. */
try {
  const [file] = takeArguments(process.argv.slice(2), () => HELP, 1);
  const { describeApp } = await import('./app.js');
  const text = `${JSON.stringify(await describeApp(), null, 2)}\n`;
  if (file) writeFileSync(file, text);
  else process.stdout.write(text);
} catch (error) {
  console.error(error instanceof ConfigError ? `MovieMind cannot describe itself: ${error.message}` : error);
  process.exitCode = 1;
}
