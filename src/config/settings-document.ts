import { type SettingHelp, SETTINGS_HELP } from './config.js';

/** The first setting of each section: settings added after it belong to the same section. */
const SECTIONS: Record<string, string> = {
  PORT: 'The process',
  DATABASE_URL: 'PostgreSQL',
  QUEUE_CONNECTION: 'The queue, and Redis',
  AI_SERVICE: 'The model',
  LOCALES: 'The texts',
  GENERATION_TRIES: 'Jobs and workers',
  ADMIN_TOKEN: 'Who may do what',
  TRUSTED_PROXIES: 'Proxies and connections',
  RATE_LIMIT_GENERATE: 'Limits',
  WEBHOOK_ALLOW_PRIVATE: 'Webhooks',
  LOG_LEVEL: 'The log',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'Traces',
};
const LONGEST_LINE = 120;

/** The page docs/settings.md, with all that `--help` prints. `npm run settings` writes it, and a test compares it. */
export function settingsDocument(): string {
  const parts = SETTINGS_HELP.map((setting) => {
    const title = SECTIONS[setting.name];
    return `${title === undefined ? '' : `\n## ${title}\n\n`}${entryOf(setting)}\n`;
  });
  return `# Settings

This list is made from the program's own: \`npm run settings\` writes it, \`npm start -- --help\` prints it.
How settings are given, and more on some of them: [operate.md](operate.md#settings).
In brackets: what a setting takes, and what holds where it is not given.
${parts.join('')}`;
}

function entryOf({ name, desc, values, fallback }: SettingHelp): string {
  const facts = [values?.split('|').join(', '), fallback && `default \`${fallback}\``].filter(Boolean);
  const known = facts.length > 0 ? ` (${facts.join('; ')})` : '';
  // A star or an underscore in the description is no markup.
  return wrapped(`- \`${name}\`${known}: ${desc.replaceAll('*', '\\*')}.`);
}

/** Wraps lines; further lines are indented as a list needs. */
function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined) lines.push(word);
    // A line that begins with "503." would become an item of a list.
    else if (line.length + 1 + word.length > LONGEST_LINE && !/^\d+\.$/.test(word)) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}
