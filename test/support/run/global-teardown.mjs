import { rmSync } from 'node:fs';

export default async function globalTeardown() {
  const services = globalThis.moviemindServices;
  if (!services) return;
  globalThis.moviemindServices = undefined;
  await Promise.all([services.postgres.stop(), services.redis.stop(), services.tmdb?.stop()]);
  rmSync(services.folder, { recursive: true, force: true });
}
