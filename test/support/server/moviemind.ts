import { join } from 'node:path';
import { type SystemPostgres } from '../machines/system-postgres.js';
import { Program } from './process.js';

const CLI = join(process.cwd(), 'dist/src/cli.js');

/** A command as an operator gives it, with PostgreSQL's programs of the version of that server. */
export async function moviemind(postgres: SystemPostgres, args: string[], settings: Record<string, string> = {}) {
  const PATH = `${postgres.bin}:${process.env.PATH}`;
  const program = new Program({ DATABASE_URL: postgres.url, PATH, ...settings }, CLI, args);
  const code = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

/** The same of one that has to succeed. @returns its stdout */
export async function done(postgres: SystemPostgres, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await moviemind(postgres, args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}
