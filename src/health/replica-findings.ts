import { BEHIND_SECONDS, type ReplicaState } from '../database/replica.js';
import { counted, type Finding, finding } from './finding.js';

/** What keeps reads from the replica of DATABASE_READ_URL, in this process. @param state `null`: there is none */
export function replicaFindings(state: ReplicaState | null): Finding[] {
  if (state === null || state.isFit) return [];
  const { lagSeconds, reason } = state;
  const isBehind = lagSeconds !== null && lagSeconds > BEHIND_SECONDS;
  if (!isBehind) {
    const message = `DATABASE_READ_URL: ${reason}; the primary answers all reads`;
    return [finding('replica_unused', message, 'bring the replica back, or take DATABASE_READ_URL away')];
  }
  const behind = counted(Math.round(lagSeconds), 'second');
  const message = `DATABASE_READ_URL: the replica is ${behind} behind; the primary answers all reads`;
  return [finding('replica_behind', message, 'look at its log, its load and the network to it')];
}
