import { SessionClient } from './session-client.js';

/** Longer than the server lets a statement take, milliseconds: a connection that is silent for so long is dead. */
export const SILENCE_MS = 12_000;

/** What every pool of connections begins with, for node-postgres. */
export const CONNECTION = { Client: SessionClient, silenceMs: SILENCE_MS, application_name: 'moviemind' };
