/**
 * Where the time of a process went: reads CPU profiles (`npm run bench -- --profile folder`) and prints the own time
 * of each package, of each file of the program and of what is built into node.
 *
 *   node bench/profile.ts folder/accept-moviemind/*.cpuprofile
 */
import { readFileSync } from 'node:fs';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

const SHOWN = 30;
const IDLE = ['(idle)', '(program)', '(root)'];

function placeOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  const [, installed] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (installed) return installed;
  if (url.includes('/dist/')) return url.slice(url.indexOf('/dist/') + 1);
  return url.startsWith('node:') ? url : `${functionName || '(anonymous)'} ${url}`.trim();
}

/** Microseconds by place. */
function ownTimes(file: string): Map<string, number> {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile;
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [n, id] of samples.entries()) {
    const place = places.get(id)!;
    times.set(place, (times.get(place) ?? 0) + timeDeltas[n]!);
  }
  return times;
}

for (const file of process.argv.slice(2)) {
  const times = [...ownTimes(file)].filter(([place]) => !IDLE.includes(place)).sort(([, a], [, b]) => b - a);
  const all = times.reduce((sum, [, us]) => sum + us, 0);
  console.log(`${file}: ${(all / 1e6).toFixed(1)} s busy`);
  for (const [place, us] of times.slice(0, SHOWN))
    console.log(`${((us / all) * 100).toFixed(1).padStart(6)} %  ${place}`);
}
