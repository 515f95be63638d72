import 'moviemind-command/check.js';
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { takeArguments } from './config/arguments.js';
import { ConfigError } from './config/environment.js';
import { settingsDocument } from './config/settings-document.js';
import { asOpenApi30 } from './server/openapi-3.0.js';

const HELP = `Prints the OpenAPI document, or writes it to the file that is named: npm run openapi -- openapi.json
  --3.0       in the words of OpenAPI 3.0, for tools that do not know 3.1
  --settings  the page of all settings instead: npm run settings`;
const OLDER = '--3.0';
const SETTINGS_PAGE = '--settings';

// A reader may close the pipe before the end.
process.stdout.on('error', () => process.exit());

/** It needs no database. */
try {
  const given = process.argv.slice(2);
  const [file] = takeArguments(
    given.filter((one) => one !== OLDER && one !== SETTINGS_PAGE),
    () => HELP,
    1,
  );
  const text = given.includes(SETTINGS_PAGE) ? settingsDocument() : await openApi(given.includes(OLDER));
  if (file) writeFileSync(file, text);
  else process.stdout.write(text);
} catch (error) {
  console.error(error instanceof ConfigError ? `MovieMind cannot describe itself: ${error.message}` : error);
  process.exitCode = 1;
}

async function openApi(older: boolean): Promise<string> {
  const { describeApp } = await import('./server/app.js');
  const document = await describeApp();
  return `${JSON.stringify(older ? asOpenApi30(document) : document, null, 2)}\n`;
}
