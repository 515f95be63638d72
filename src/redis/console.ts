import { Logger } from '@nestjs/common';

/** Lines that the clients of Redis write to the console instead of a log. */
const CLIENT_LINES = new RegExp(
  [
    /^\[(ioredis|WARN|ERROR)\] /,
    /^BullMQ/,
    /^Skipping the ready check/,
    /^It is highly recommended to use a minimum Redis version/,
  ]
    .map(({ source }) => source)
    .join('|'),
);
/**
 * BullMQ's warning of the eviction policy, at each connection. Our own advice gives it once, in the log and in
 * /health/detail.
 */
const COVERED_BY_ADVICE = /^IMPORTANT! Eviction policy/;

const logger = new Logger('Redis');
const logged = new Set<string>();
let routed = false;

/** Sends these lines to the log, each text once: they come with every connection. */
export function routeConsole(): void {
  if (routed) return;
  routed = true;
  for (const level of ['warn', 'error'] as const) {
    const write = console[level];
    console[level] = (...words: unknown[]) => {
      const [first] = words.map(String);
      if (COVERED_BY_ADVICE.test(first ?? '')) return;
      if (CLIENT_LINES.test(first ?? '')) log(words.map(String).join(' '));
      else write(...words);
    };
  }
}

/** Only the first line: the rest is a stack trace of the client. */
function log(text: string): void {
  const [line = ''] = text.split('\n');
  const msg = line.replace(/^\[\w+\] /, '').trim();
  if (logged.has(msg)) return;
  logged.add(msg);
  logger.warn({ msg });
}
