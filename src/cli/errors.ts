import type { Problem } from '../http/problem.js';

/** Exit codes, as the help lists them. */
export const EXIT = { done: 0, unwritten: 1, impossible: 2, interrupted: 130, terminated: 143 } as const;

/** The command cannot go on. The message is one line and says what to do. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.impossible,
    /** The answer of the server, if the server refused. */
    readonly problem: Problem | null = null,
  ) {
    super(message);
  }
}

/** The server refused this one request. */
export class Refused extends CliError {
  constructor(problem: Problem) {
    const fields = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    super(fields || problem.detail, EXIT.impossible, problem);
  }

  get status(): number {
    return this.problem!.status;
  }
}

/** The time of --timeout is over before everything was written. */
export class TimedOut extends CliError {
  constructor(message: string) {
    super(message, EXIT.unwritten);
  }
}

/** Ctrl-C or another signal ended the command. */
export class Interrupted extends CliError {
  constructor(signal: NodeJS.Signals) {
    super('interrupted', signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
  }
}

/** The output of a failed command with --json: the server's problem, or one of the same form. */
export function problemOf(error: unknown): object {
  const { message } = error as Error;
  const own = { type: 'urn:moviemind:problem:command', title: 'The command failed', detail: message };
  return (error instanceof CliError && error.problem) || own;
}
