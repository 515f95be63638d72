import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  parent: number;
  /** Seconds on a core, its own. */
  own: number;
  /** The same of its children that have ended. */
  ended: number;
}

function statOf(pid: number | string): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1]!, own: (fields[11]! + fields[12]!) / TICKS, ended: (fields[13]! + fields[14]!) / TICKS };
  } catch {
    return null;
  }
}

/** Seconds of a core that a process has used so far, with all that it started (PostgreSQL's sessions). Linux only. */
export function cpuOf(pid: number): number {
  const own = statOf(pid);
  if (!own) return NaN;
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const below = children.map(statOf).filter((stat) => stat?.parent === pid);
  return below.reduce((sum, stat) => sum + stat!.own, own.own + own.ended);
}

/** Resident memory of a process, KiB. Linux only. */
export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? NaN);
