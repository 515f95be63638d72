import { PipelinedClient } from './pipelined-client.js';
import { SessionClient } from './session-client.js';

/** Longer than the server lets a statement take: a connection that is silent for this long is dead. Milliseconds. */
export const SILENCE_MS = 12_000;

/** The options that every pool of connections starts from, for node-postgres. */
export const CONNECTION = { Client: SessionClient, silenceMs: SILENCE_MS, application_name: 'moviemind' };

/**
 * The same of the pool that transactions run on. While a table is small, PostgreSQL would read all of it for each item
 * of a list, since it expects a hundred items.
 */
export const PIPELINED = { ...CONNECTION, Client: PipelinedClient, session: { enable_seqscan: 'off' } };
