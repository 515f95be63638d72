import type { PeerOptions } from './peer.ts';

export const NEST: PeerOptions = {
  name: 'NestJS as in tutorials',
  script: 'dist/bench/peers/nest.js',
  mode: 'nest',
  queue: 'bullmq',
  rows: true,
  ownSchema: true,
};
