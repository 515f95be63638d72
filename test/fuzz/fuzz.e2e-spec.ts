import { describeServer } from '../support/server/describe-server.js';
import { fuzz } from './run.js';

const KEY = 'a-long-enough-admin-token';
/** `npm run fuzz -- --seed <the printed one>` sends the same. */
const SEED = Number(process.env.SEED) || Math.floor(Math.random() * 1_000_000);
const REQUESTS = Number(process.env.FUZZ_REQUESTS) || 5000;

const SETTINGS = { AUTH_REQUIRED: 'true', PUBLIC_READS: 'false', ADMIN_TOKEN: KEY };

describeServer(`any request (seed ${SEED})`, SETTINGS, ({ server }) => {
  it('is answered as the document says, and nothing accepted is lost', async () => {
    const { url, db, api, config } = server;
    const report = await fuzz({ url, db, api, key: KEY, seed: SEED, requests: REQUESTS, tries: config.tries });
    const { faults, breaches, answers, jobs, seconds, operations, accepted } = report;
    console.log(`seed ${SEED}: ${report.requests} requests in ${seconds} s`, JSON.stringify({ answers, jobs }));
    expect({ seed: SEED, faults, breaches: breaches.slice(0, 10) }).toEqual({ seed: SEED, faults: [], breaches: [] });
    // Or it has shown nothing: every operation was reached, and most kinds of answers.
    expect(Object.keys(operations).sort()).toEqual(api.operations.map(({ operationId }) => operationId).sort());
    expect(Object.keys(answers)).toEqual(
      expect.arrayContaining(['200', '202', '400', '401', '404', '413', '415', '422', '431']),
    );
    expect(accepted).toBeGreaterThan(REQUESTS / 200);
    expect((await server.get('/health/live')).status).toBe(200);
  }, 300_000);
});
