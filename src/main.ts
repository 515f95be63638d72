import 'reflect-metadata';
import { Config, ConfigError, SETTINGS } from './config/config.js';
import { StartError } from './database/embedded-postgres.js';
import { startServer } from './server.js';

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  const lines = Object.entries(SETTINGS).map(([name, { desc, default: fallback, choices }]: [string, SettingHelp]) => {
    const values = choices ? ` [${choices.join('|')}]` : '';
    return `  ${name.padEnd(24)}${desc}${values}${fallback === undefined ? '' : ` (default ${String(fallback)})`}`;
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
  const server = await startServer(new Config(process.env), { banner: true });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1); // asked twice
      stopping = true;
      void server.stop().then(() => process.exit(0));
    });
  }
} catch (error) {
  const known = error instanceof ConfigError || error instanceof StartError;
  console.error(known ? `MovieMind cannot start: ${error.message}` : error);
  process.exit(1);
}
