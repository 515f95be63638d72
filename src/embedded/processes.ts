import { type ChildProcess, execFileSync, spawn, type StdioOptions } from 'node:child_process';
import { chownSync, openSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname } from 'node:path';
import { StartError } from '../database/start-error.js';

/** The user that runs PostgreSQL when we are root; `null`: our own. */
export type Owner = { uid: number; gid: number } | null;

/** PostgreSQL refuses to run as root. Then it runs as `postgres` or `nobody`, who must own its folder. */
export function changeOwner(folder: string): Owner {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) {
    throw new StartError('PostgreSQL does not run as root and there is no user "nobody": start as another user');
  }
  const owner = { uid: Number(user[2]), gid: Number(user[3]) };
  if (statSync(folder).uid !== owner.uid) chownSync(folder, owner.uid, owner.gid);
  return owner;
}

/**
 * Starts a program in a session of its own, so that Ctrl-C in the terminal does not reach it. Its output goes to a
 * file.
 * @param holds an open file that the program keeps open, and with it the lock on that file
 */
export function spawnAs(
  owner: Owner,
  program: string,
  args: string[],
  { log, reaches, holds }: { log: string; reaches: string; holds?: number },
): ChildProcess {
  const file = openSync(log, 'a', 0o600);
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const options = {
    env,
    cwd: '/',
    stdio: ['ignore', file, file, holds ?? 'ignore'] as StdioOptions,
    detached: true,
  };
  if (!owner) return spawn(program, args, options);
  if (mayReach(program, owner) && mayReach(reaches, owner)) return spawn(program, args, { ...options, ...owner });
  // Only root may enter the folder's parents (/root, mktemp -d). So the other user gets the one capability to pass
  // them.
  // Without the secure bit access(2) would remove it again, and initdb would not find its own program.
  const user = [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  const capability = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return spawn('setpriv', [...user, ...capability, program, ...args], options);
}

/** Whether that user may enter every parent of `path`. */
function mayReach(path: string, user: { uid: number; gid: number }): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if (!(mode & bit)) return false;
    if (folder === dirname(folder)) return true;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  }
}

/** A loopback port that no process listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => probe.once('listening', listening));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}
