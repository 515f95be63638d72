'use strict';

/**
 * `node bin/alive.js`: ends with 0 when the process of this environment answers that it lives, else with 1. For health
 * checks of containers, which need no way in from the network. A worker without WORKER_PORT is not asked.
 */
const { BASE_PATH = '', PORT, ROLE, WORKER_PORT } = process.env;
const port = ROLE === 'worker' ? WORKER_PORT : PORT || '3000';
/** Milliseconds; the checks of Docker and Kubernetes have longer. */
const PATIENCE_MS = 2500;

if (port) {
  fetch(`http://127.0.0.1:${port}${BASE_PATH}/health/live`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    ({ ok }) => process.exit(ok ? 0 : 1),
    () => process.exit(1),
  );
}
