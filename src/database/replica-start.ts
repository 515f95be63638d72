import { reasonOf } from '../timing/loop.js';
import { placeOf, whyForeign } from './direct.js';
import { StartError } from './start-error.js';

/**
 * Looks where DATABASE_READ_URL leads to. A replica that is away is told, and used once it answers: nothing needs it.
 * @throws StartError when it leads to another database
 */
export async function examineReplica(replica: string, primary: string): Promise<void> {
  const there = await placeOf(replica).catch((error: unknown) => {
    console.error(`DATABASE_READ_URL: ${reasonOf(error)}; reads go to DATABASE_URL until it answers`);
    return null;
  });
  const foreign = there && whyForeign(await placeOf(primary), there);
  if (foreign) throw new StartError(`DATABASE_READ_URL: ${foreign}`);
}
