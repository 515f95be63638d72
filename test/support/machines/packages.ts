import { execFileSync } from 'node:child_process';

/** Longest that installing a package may take, milliseconds. */
const PATIENCE_MS = 300_000;

/** @returns the path of the first of these programs that is on PATH; empty: there is none */
export function onPath(...names: string[]): string {
  try {
    const lines = names.map((name) => `command -v ${name}`).join(' || ');
    return execFileSync('sh', ['-c', lines], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/**
 * What is found; else what is found after its Debian package is installed, when this user may install.
 * @returns what `find` returns last: empty where there is none, which the caller says with a cure
 */
export function foundOrInstalled<Found>(find: () => Found, debian: string, what = debian): Found {
  const found = find();
  if (found) return found;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo -n ';
  try {
    console.log(`${what} is missing; installing it with apt-get`);
    // Files that run at the same time may want it at the same time: the second one waits, and has nothing to do.
    const there = `dpkg -s ${debian} | grep -q '^Status: install ok installed'`;
    const get = `${there} || { ${sudo}apt-get update -qq && ${sudo}apt-get install -y -qq ${debian}; }`;
    execFileSync('flock', ['/tmp/moviemind-apt-get.lock', 'sh', '-c', get], { stdio: 'ignore', timeout: PATIENCE_MS });
  } catch {
    // said by the caller
  }
  return find();
}
