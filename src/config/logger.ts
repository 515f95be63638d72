import type { LoggerService } from '@nestjs/common';
import { createRequire } from 'node:module';
import { type Logger, pino } from 'pino';
import { LogSink } from './log-sink.js';

/** stdout or stderr. */
export type LogTarget = Pick<NodeJS.WriteStream, 'write' | 'on' | 'writableLength'> & { isTTY?: boolean };

type Fields = Record<string, unknown>;

/**
 * Keeps only the explanation of an error: drivers attach statements and parameters to theirs, which are users' texts.
 */
const err = (error: unknown) => {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    code: (error as NodeJS.ErrnoException).code,
    stack,
    ...(cause instanceof Error && { cause: cause.message }),
  };
};

/** Nest's messages about its own start are not logged; an error there is thrown as well. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

const DROPPED = 'log lines were dropped: nobody reads them, or the disk is full';
const noticeOf = (count: number) =>
  JSON.stringify({ level: 'warn', time: new Date().toISOString(), context: 'Log', msg: DROPPED, count }) + '\n';

/** Makes a line readable. Its library is loaded with the first line: only terminals need it. */
let pretty: ((line: string) => string) | undefined;
function readable(line: string): string {
  pretty ??= (createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty')).prettyFactory({
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
  });
  return pretty(line);
}

/** One sink for each stream, however many loggers write to it. */
const sinks = new Map<LogTarget, LogSink>();

function sinkOf(target: LogTarget): LogSink {
  const notice = (count: number) => (target.isTTY ? readable(noticeOf(count)) : noticeOf(count));
  const sink = sinks.get(target) ?? new LogSink(target, notice);
  sinks.set(target, sink);
  return sink;
}

/** Log lines of this process that were lost since the last call. */
export const takeLostLines = () => [...sinks.values()].reduce((sum, sink) => sum + sink.takeLost(), 0);

/**
 * Nest's logger on pino: one JSON object a line, or readable lines in a terminal. Called as `logger.log({ msg,
 * ...fields }, context)`. Never log a prompt, a key or a user's text.
 */
export class PinoLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: string, target: LogTarget) {
    const out = sinkOf(target);
    this.pino = target.isTTY
      ? pino({ level, serializers: { err } }, { write: (line) => out.write(readable(line)) })
      : pino(
          {
            level,
            base: null,
            serializers: { err },
            timestamp: pino.stdTimeFunctions.isoTime,
            formatters: { level: (label) => ({ level: label }) },
          },
          out,
        );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest passes the context last; errors may have the stack before it. */
  private write(level: 'fatal' | 'error' | 'warn' | 'info' | 'debug', message: unknown, rest: unknown[]): void {
    const fields: Fields =
      typeof message === 'string'
        ? { msg: message }
        : message instanceof Error
          ? { err: message }
          : { ...(message as Fields) };
    const context = rest.at(-1);
    if (typeof context === 'string') fields.context = context;
    if (FRAMEWORK.has(context as string)) level = 'debug';
    if (rest.length > 1 && typeof rest[0] === 'string') fields.stack = rest[0];
    this.pino[level](fields);
  }
}
