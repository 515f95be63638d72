import { randomFillSync } from 'node:crypto';

/** Asked for at once, bytes: a call costs more than the bytes. */
const POOL_BYTES = 8192;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Unpredictable bytes for ids, from a pool. For keys and secrets take `randomBytes` of node, which leaves nothing
 * behind.
 * @param bytes at most {@link POOL_BYTES}
 * @returns a view that is valid until the next call
 */
export function pooledBytes(bytes: number): Buffer {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.subarray(used - bytes, used);
}
