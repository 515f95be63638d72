import 'moviemind-command/check.js';
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { describeApp } from './app.js';

/** Prints the OpenAPI document, or writes it to the file that is named: `npm run openapi -- openapi.json`. Needs no database. */
const text = `${JSON.stringify(await describeApp(), null, 2)}\n`;
const [file] = process.argv.slice(2);
if (file) writeFileSync(file, text);
else process.stdout.write(text);
