import { type Finding, type FindingCode, finding } from './finding.js';
import type { ProcessLoop } from './loops-reader.js';

/** The loops that stand still, one finding for all with the same reason. */
export function loopFindings(loops: ProcessLoop[]): Finding[] {
  const standing = loops.filter(({ standing_seconds }) => standing_seconds !== null);
  const causes = new Set(standing.map(causeOf));
  return [...causes].map((cause) => findingOf(standing.filter((loop) => causeOf(loop) === cause)));
}

const causeOf = ({ process, reason }: ProcessLoop) => `${process} ${reason}`;

function findingOf(group: ProcessLoop[]): Finding {
  const [{ process, reason }] = group as [ProcessLoop];
  const names = group.map(({ name }) => name).join(', ');
  const seconds = Math.round(Math.max(...group.map(({ standing_seconds }) => standing_seconds!)));
  const message = `Standing still for ${seconds} s in ${process}: ${names} (${reason})`;
  return finding(...codeAndAction(group, message));
}

function codeAndAction(group: ProcessLoop[], message: string): [FindingCode, string, string] {
  const ofModel = group.every(({ name }) => name === 'watch-model');
  if (!ofModel) return ['loop_standing', message, 'end its reason; a process that does not recover, restart'];
  if (/OPENAI_API_KEY/.test(message)) return ['model_key_refused', message, 'give the workers a key that it takes'];
  return ['model_unreachable', message, 'look at OPENAI_BASE_URL, at the service and at the network to it'];
}
