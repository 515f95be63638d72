import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './processes.js';

/** The server that lives on an embedded database, as it tells the commands of the same folder. */
export interface Resident {
  url: string;
  pid: number;
  /** What it takes from this machine as the key of an operator, for as long as it lives. */
  token: string;
}

const fileOf = (folder: string) => join(folder, 'server.json');

/** Readable by whoever may read the database's own password, which lies beside it, and by nobody else. */
export function announce(folder: string, resident: Resident): void {
  const draft = `${fileOf(folder)}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, JSON.stringify(resident), { mode: 0o600, flag: 'wx' });
  renameSync(draft, fileOf(folder));
}

export function withdraw(folder: string): void {
  if (residentOf(folder)?.pid === process.pid) rmSync(fileOf(folder), { force: true });
}

/** `null`: none lives there, or it is not ours to know. What a killed one left behind does not count. */
export function residentOf(folder: string): Resident | null {
  try {
    const owner = statSync(fileOf(folder)).uid;
    // Who can put a file into the folder could otherwise have keys sent to him.
    if (process.getuid && ![0, process.getuid()].includes(owner)) return null;
    const resident = JSON.parse(readFileSync(fileOf(folder), 'utf8')) as Resident;
    return isAlive(resident.pid) ? resident : null;
  } catch {
    return null;
  }
}
