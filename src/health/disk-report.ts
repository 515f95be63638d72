import { statfs } from 'node:fs/promises';
import { type Finding, finding, sized } from './finding.js';

/** Bytes of a file system that this user may still fill, and all of them. */
export interface DiskReport {
  folder: string;
  free: number;
  size: number;
}

/** Found when less than both is free: a tenth of a large disk is much. */
const LITTLE = { share: 0.1, bytes: 5 * 1024 ** 3 };
/** PostgreSQL stops when it cannot write its log, of which a segment has 16 MiB. */
const ALMOST_NONE = { share: 0.02, bytes: 512 * 1024 ** 2 };

/** @returns `null`: the system does not tell */
export async function diskOf(folder: string): Promise<DiskReport | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { folder, free: bavail * bsize, size: blocks * bsize };
  } catch {
    return null;
  }
}

export function diskFindings(report: DiskReport | null): Finding[] {
  if (!report) return [];
  const { folder, free, size } = report;
  const below = ({ share, bytes }: typeof LITTLE) => free < Math.min(share * size, bytes);
  if (!below(LITTLE)) return [];
  const message = `The disk of ${folder} is nearly full: ${sized(free)} of ${sized(size)} are free`;
  const action = 'make room before PostgreSQL stops: it refuses writes without';
  return [finding('disk_nearly_full', message, action, below(ALMOST_NONE) ? 'critical' : 'warning')];
}
