import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes.js';

/** The server on an embedded database. It announces itself to the commands of the same folder. */
export interface Resident {
  url: string;
  pid: number;
  /** A key of an operator that the server accepts from this machine, for as long as it runs. */
  token: string;
}

const fileOf = (folder: string) => join(folder, 'server.json');

/** Written so that only users who may read the database's own password, in the same folder, may read it. */
export function announce(folder: string, resident: Resident): void {
  const draft = `${fileOf(folder)}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, JSON.stringify(resident), { mode: 0o600, flag: 'wx' });
  renameSync(draft, fileOf(folder));
}

export function withdraw(folder: string): void {
  if (residentOf(folder)?.pid === process.pid) rmSync(fileOf(folder), { force: true });
}

/** `null`: no server runs there, or this user may not know it. A file left by a killed server does not count. */
export function residentOf(folder: string): Resident | null {
  try {
    const owner = statSync(fileOf(folder)).uid;
    // Another user who can write to the folder could otherwise make commands send keys to a server of his own.
    if (process.getuid && ![0, process.getuid()].includes(owner)) return null;
    const resident = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Resident;
    return isAlive(resident.pid) ? resident : null;
  } catch {
    return null;
  }
}
