import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** stdout or stderr. */
export type LogTarget = { isTTY?: boolean; fd: number };

type Fields = Record<string, unknown>;

/** Of an error only what explains it: drivers hang statements and their parameters, which are users' texts, on theirs. */
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

/** Nest's own account of how it puts itself together; what fails there is thrown as well. */
const FRAMEWORK = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

/**
 * Nest's logger on pino: one JSON object a line, or readable lines in a terminal.
 * Called as `logger.log({ msg, ...fields }, context)`. Never give it a prompt, a key or a user's text.
 */
export class PinoLogger implements LoggerService {
  private readonly pino: Logger;

  constructor(level: string, { isTTY, fd }: LogTarget) {
    this.pino = isTTY
      ? pino(
          { level, serializers: { err } },
          pretty({ ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l', singleLine: true, destination: fd }),
        )
      : pino(
          {
            level,
            base: null,
            serializers: { err },
            timestamp: pino.stdTimeFunctions.isoTime,
            formatters: { level: (label) => ({ level: label }) },
          },
          pino.destination(fd),
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

  /** Nest passes the context last; for errors the stack may stand between. */
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
