import 'moviemind-command/check.js';
import 'reflect-metadata';
import { Config, ConfigError, SETTINGS } from './config/config.js';
import { StartError } from './database/start-error.js';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  const lines = Object.entries(SETTINGS).map(([name, { desc, default: fallback, choices }]: [string, SettingHelp]) => {
    const values = choices ? ` [${choices.join('|')}]` : '';
    return `  ${name.padEnd(24)}${desc}${values}${fallback === undefined ? '' : ` (default ${fallback as string})`}`;
  });
  console.log(`MovieMind. Start it with npm start; settings are environment variables:\n\n${lines.join('\n')}`);
  process.exit(0);
}

interface SettingHelp {
  desc?: string;
  default?: unknown;
  choices?: readonly unknown[];
}

try {
  const config = new Config(process.env);
  // Not before: a wrong setting is told at once, without two seconds of loading.
  const { startServer } = await import('./server.js');
  let started = false;
  let asked = 0;
  const starting = startServer(config, { banner: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // npm passes on what a terminal has sent to both of us; only a later second time means "at once".
      if (asked > 0 && Date.now() - asked > 1000) process.exit(1);
      if (asked > 0) return;
      asked = Date.now();
      // Nothing to clean up yet, unless a PostgreSQL of ours is about to come up.
      if (!started && !config.embedded) process.exit(0);
      void starting.then((server) => server.stop()).then(() => process.exit(0));
    });
  }
  await starting;
  started = true;
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  console.error(known ? `MovieMind cannot start: ${error.message}` : error);
  process.exit(1);
}
