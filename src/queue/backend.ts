import { type BackendFactory, createPostgresBackend, createRedisBackend, type IQueueBackend } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { routeConsole } from '../redis/console.js';
import type { Wakes } from './wakes.js';

/** How long a worker waits after the queue's server refused it, milliseconds. */
const PAUSE_MS = 500;

/**
 * BullMQ's own backends, protected against a server that goes away at the wrong moment (bullmq 6.7.0):
 * - A worker that is refused a job asks again at once, for ever. A refusal without I/O then starves the whole process:
 *   signals, timers and HTTP. Here it pauses first.
 * - The PostgreSQL backend keeps its first connection even if that failed, and then refuses for ever. Here it connects
 *   anew.
 *
 * @param wakes where its connections keep no session: what its workers wait on instead of a connection that listens
 */
export function backendFor(connection: 'redis' | 'database', wakes: Wakes | null): BackendFactory {
  routeConsole();
  const create = (connection === 'database' ? createPostgresBackend : createRedisBackend) as unknown as BackendFactory;
  return (name, options, more) => {
    const backend = create(name, options, more);
    if (connection === 'database') {
      forgetFailedStart(backend);
      const { connection: own } = backend as unknown as { connection: Startable & Listening };
      forgetFailedStart(own);
      if (wakes) own.getListenClient = () => Promise.resolve(wakes.begun());
    }
    return pausing(backend);
  };
}

interface Startable {
  waitUntilReady: () => Promise<void>;
}

interface Listening {
  getListenClient: () => Promise<unknown>;
}

function forgetFailedStart(target: Startable): void {
  const start = target.waitUntilReady.bind(target);
  target.waitUntilReady = () =>
    start().catch((error: unknown) => {
      (target as { readyPromise?: unknown }).readyPromise = undefined;
      throw error;
    });
}

function pausing(backend: IQueueBackend): IQueueBackend {
  const take = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...args) => {
    try {
      return await take(...args);
    } catch (error) {
      await sleep(PAUSE_MS);
      throw error;
    }
  };
  return backend;
}
