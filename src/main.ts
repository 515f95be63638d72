import 'moviemind-command/check.js';
import { flushCompileCache } from 'node:module';
import 'reflect-metadata';
import { takeArguments } from './config/arguments.js';
import { Config, ConfigError, SETTINGS, settingsHelp } from './config/config.js';
import { readEnvFile, withOrigin } from './config/environment.js';
import { StartError } from './database/start-error.js';
import { speak } from './domain/tones.js';
import { tidyUpSoon } from './server/tidy-up.js';

let fromFile: string[] = [];

try {
  takeArguments(process.argv.slice(2), settingsHelp);
  fromFile = readEnvFile();
  const config = new Config(process.env, fromFile);
  speak(config.locales, config.tones);
  // Imported after the settings: a wrong setting is reported at once, without two seconds of loading.
  const { startServer } = await import('./server/server.js');
  let started = false;
  let stopRequestedAt = 0;
  const starting = startServer(config, { banner: { fromFile: fromFile.filter((name) => name in SETTINGS) } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // npm repeats a signal that the terminal has sent to both of us; only a later second one means "at once".
      if (stopRequestedAt > 0 && performance.now() - stopRequestedAt > 1000) process.exit(1);
      if (stopRequestedAt > 0) return;
      stopRequestedAt = performance.now();
      // There is nothing to clean up yet, unless the embedded PostgreSQL is starting.
      if (!started && !config.embedded) process.exit(0);
      void starting.then((server) => server.stop()).then(() => process.exit(0));
    });
  }
  await starting;
  started = true;
  // Not left to the end, which has to be quick. Only the first start has something to write.
  flushCompileCache();
  tidyUpSoon();
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  console.error(known ? `MovieMind cannot start: ${withOrigin(error.message, fromFile)}` : error);
  process.exit(1);
}
