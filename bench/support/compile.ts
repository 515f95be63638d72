import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { transformSync } from '@swc/core';

/** What uses decorators, which node does not strip, with what it imports. */
const FILES = ['nest', 'nest-entities', 'film', 'wire'];

/** Builds the peer on NestJS into `dist`, with the options by which the program is built. */
export function compileNest(): void {
  for (const name of FILES) {
    const filename = resolve(`bench/peers/${name}.ts`);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, configFile: resolve('.swcrc') });
    const target = resolve(`dist/bench/peers/${name}.js`);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code.replaceAll(/from '(\.\/[\w-]+)\.ts'/g, `from '$1.js'`));
  }
}
